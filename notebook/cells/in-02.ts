import { x_grad } from './in-09.js';

export default x_grad;
