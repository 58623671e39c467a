import { grad_w } from './in-177.js';

export default grad_w;
