import { grad_x } from './in-177.js';

export default grad_x;
