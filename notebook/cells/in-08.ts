import * as torch from 'adjoint/torch';
import { print } from 'adjoint/torch';

// Define input data and filters
const x = torch.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]],
  { requires_grad: true });
const f = torch.tensor([[1, 0, -1], [2, 0, -2], [1, 0, -1]],
  { requires_grad: true });

// Define the forward pass function
function conv2d(x: torch.Tensor, f: torch.Tensor) {
  return torch.nn.functional.conv2d(
    x.view(1, 1, 3, 3), f.view(1, 1, 3, 3), { padding: 0 });
}

// Define the loss function (sum of the output values)
function loss(y: torch.Tensor) {
  return y.sum();
}

// Compute the derivative of the loss with respect to x and f using
// PyTorch's low-level functions
const y = conv2d(x, f);
export const L: torch.Tensor = loss(y);

// Compute the derivative of L with respect to y
const grad_y = torch.ones_like(y);
// grad_y.mul_(L);

// Compute the derivative of L with respect to x and f using
// conv2d_transpose
const grad_x = torch.nn.functional.conv_transpose2d(
  grad_y, f.view(1, 1, 3, 3), { padding: 0 });
const grad_f = torch.nn.functional.conv2d(
  x.view(1, 1, 3, 3), grad_y, { padding: 0 });

// Print the derivative values
print('Derivative with respect to x: ');
print(grad_x);
print('Derivative with respect to f: ');
print(grad_f);
