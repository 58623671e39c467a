import { grad_x } from './in-181.js';

export default grad_x;
