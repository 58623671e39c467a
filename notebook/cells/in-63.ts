import * as torch from 'adjoint/torch';
import { drawn } from '../drawn.js';

const F = torch.nn.functional;

/** Roate by 180 degrees */
export function rot180(w: torch.Tensor): torch.Tensor {
  return torch.flip(w, { dims: [2, 3] });
}

/**
 * Pad x, such that using a 'VALID' convolution in PyTorch is the same
 * as using a 'FULL' convolution.
 */
export function pad_to_full_conv2d(
  x: torch.Tensor, w_size: number,
): torch.Tensor {
  const padding = w_size - 1;
  return F.pad(x, [padding, padding, padding, padding],
    { mode: 'constant', value: 0 });
}

/**
 * Converts [batch, in_channels, in_height, in_width]
 * to       [out_channels, in_channels, filter_height, filter_width]
 */
export function NHWC_to_HWIO(out: torch.Tensor): torch.Tensor {
  return out.permute(3, 2, 1, 0);
}

// sizes, fixed strides, in_channel, out_channel be 1 for now
const x_size = 4;
export const w_size = 3; // use an odd number here
const x_shape = [1, 1, x_size, x_size];
const w_shape = [1, 1, w_size, w_size];
const out_shape = [1, 1, x_size - w_size + 1, x_size - w_size + 1];
const strides = [1, 1];

// numpy value
// (Drawn without a seed. One pair of w and out_scale alone gives In [60].
// x enters nothing that is printed, so it is drawn anew each time.)
const x_np = torch.randint(10, { size: x_shape, dtype: torch.float32 });
const w_np = drawn(
  torch.randint(10, { size: w_shape, dtype: torch.float32 }),
  [[9, 2, 5], [3, 6, 7], [0, 3, 3]]);
const out_scale_np = drawn(
  torch.randint(10, { size: out_shape, dtype: torch.float32 }),
  [[3, 8], [6, 3]]);

// pytorch forward
export const x: torch.Tensor = torch.tensor(x_np,
  { requires_grad: true });
export const w: torch.Tensor = torch.tensor(w_np,
  { requires_grad: true });
export const out: torch.Tensor = F.conv2d(x, w,
  { stride: strides, padding: 0 });
export const out_scale: torch.Tensor = torch.tensor(out_scale_np,
  { requires_grad: true });
export const f: torch.Tensor = torch.sum(out.mul(out_scale));

// pytorch backward
f.backward({ retain_graph: true });
const d_out = (x.grad as torch.Tensor).detach();

// 4 different ways to compute d_x
export const d_x: torch.Tensor = x.grad as torch.Tensor;
export const d_x_manual: torch.Tensor = F.conv2d(d_out, w.flip([2, 3]),
  { stride: strides, padding: 0 });
