import type * as torch from 'adjoint/torch';
import { grad_y } from './in-177.js';

export default grad_y.shape as torch.Size;
