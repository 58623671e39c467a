import * as torch from 'adjoint/torch';
import { grad_y, w } from './in-177.js';

const F = torch.nn.functional;

export const grad_x: torch.Tensor = F.conv2d(grad_y, w.flip([2, 3]),
  { padding: 1 });
