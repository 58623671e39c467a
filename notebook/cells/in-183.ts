import { grad_w } from './in-181.js';

export default grad_w;
