import type * as torch from 'adjoint/torch';
import { loss, w, x } from './in-177.js';

loss.backward();

// Retrieve gradients of input and weights
export const grad_x: torch.Tensor | null = x.grad;
export const grad_w: torch.Tensor | null = w.grad;
