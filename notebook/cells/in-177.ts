import * as torch from 'adjoint/torch';
import { drawn } from '../drawn.js';

const F = torch.nn.functional;

// Define input tensor and filters
// (Drawn without a seed. What is printed determines w; of the many x that
// give the same figures this is the smallest.)
export const x: torch.Tensor = drawn(
  torch.randn(1, 1, 4, 4, { requires_grad: true }), [
    [0.4797, -0.20535, -0.20535, -2.0585],
    [-0.2476, -0.58488, -0.58488, 0.1955],
    [-0.2476, -0.58488, -0.58488, 0.1955],
    [-0.4550, -0.32125, -0.32125, -0.5755]]);
export const w: torch.Tensor = drawn(
  torch.randn(1, 1, 3, 3, { requires_grad: true }), [
    [-0.6787, 0.1414, -0.7103],
    [0.1627, -2.2090, -0.8942],
    [0.2572, 1.1061, 0.0214]]);

// Perform convolution operation
const y = F.conv2d(x, w, { stride: 1, padding: 1 });

// Define loss function
export const loss: torch.Tensor = y.sum();

// Compute gradients of output tensor
export const grad_y: torch.Tensor =
  torch.autograd.grad(loss, y, { retain_graph: true })[0] as torch.Tensor;

// Compute gradients of input tensor and filters
export const grad_x: torch.Tensor = F.conv_transpose2d(grad_y, w,
  { stride: 1, padding: 1 });
export const grad_w: torch.Tensor = F.conv2d(x, grad_y,
  { stride: 1, padding: 1 });
