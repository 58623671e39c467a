import { grad_x } from './in-184.js';

export default grad_x;
