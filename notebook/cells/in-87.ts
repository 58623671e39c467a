import { grad_w } from './in-85.js';

export default grad_w;
