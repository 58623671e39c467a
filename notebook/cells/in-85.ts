import * as torch from 'adjoint/torch';
import { drawn } from '../drawn.js';

const F = torch.nn.functional;
const { Variable } = torch.autograd;

// (Drawn without a seed. What is printed depends on the sum of the images
// and on the sum of the filters alone: each of the three has a third.)
const image = torch.tensor([
  [-2.8376, -0.2083, -2.7612],
  [-1.5613, -0.6840, -1.7033],
  [-1.3959, 0.5446, -0.8680]]).div(3);
const filter = torch.tensor([
  [-5.3761, -2.6206, 0.3103],
  [-0.5791, -0.4122, -1.8345],
  [3.2263, 0.6147, -0.8490]]).div(3);

// Define input tensor and filters
export const x: torch.Tensor = Variable(
  drawn(torch.randn(3, 1, 3, 3), image), { requires_grad: true });
export const w: torch.Tensor = Variable(
  drawn(torch.randn(3, 1, 3, 3), filter), { requires_grad: true });

// Perform convolution operation
const y = F.conv2d(x, w, { stride: 1, padding: 1 });

// Define loss function
const loss = y.sum();

// Compute gradients
loss.backward();

// Retrieve gradients of input and weights
export const grad_x: torch.Tensor | null = x.grad;
export const grad_w: torch.Tensor | null = w.grad;
