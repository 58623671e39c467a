import { grad_x } from './in-85.js';

export default grad_x;
