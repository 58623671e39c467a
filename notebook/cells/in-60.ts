import { d_x } from './in-63.js';

export default d_x;
