import { d_x_manual } from './in-63.js';

export default d_x_manual;
