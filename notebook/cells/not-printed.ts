// The notebook drew inputs without a seed and printed only gradients. Each
// of these is linear in one of the inputs, so the inputs can be solved for:
// with the convolution, its adjoints, and the adjoints of those, by vjp.
import { conv, type Tensor, tensor, vjp } from 'adjoint';
import * as torch from 'adjoint/torch';
import { print } from 'adjoint/torch';
import { figures, recorded } from '../files.js';

/** The gradients of conv(x, w) by x and w, for the upstream gradient gy. */
function gradients(x: Tensor, w: Tensor, gy: Tensor, padding: number) {
  const [, pullback] = vjp((x, w) => conv(x, w, { padding }), x, w);
  return pullback(gy) as [dx: Tensor, dw: Tensor];
}

const dot = (a: Tensor, b: Tensor) => Number(a.mul(b).sum().item());

/**
 * The smallest x with f(x) nearest to y, for a linear f: conjugate
 * gradients on the normal equations, begun at zero.
 */
function solve(f: (x: Tensor) => Tensor, y: Tensor, zero: Tensor): Tensor {
  const [, pullback] = vjp(f, zero);
  const adjoint = (gy: Tensor) => pullback(gy)[0] as Tensor;
  let x = zero;
  let residual = y;
  let gradient = adjoint(y);
  let direction = gradient;
  let size = dot(gradient, gradient);
  const small = 1e-24 * size;
  for (let step = 0; step < 100 && size > small; step++) {
    const change = f(direction);
    const length = size / dot(change, change);
    x = x.add(direction.mul(length));
    residual = residual.sub(change.mul(length));
    gradient = adjoint(residual);
    const next = dot(gradient, gradient);
    direction = gradient.add(direction.mul(next / size));
    size = next;
  }
  return x;
}

const dtype = 'float64';
function filled(value: number, shape: number[]) {
  const size = shape.reduce((a, b) => a * b);
  return tensor(new Float64Array(size).fill(value), { shape });
}
const printed = (cell: string) =>
  tensor(figures(recorded(cell)), { dtype });
const show = (x: Tensor) =>
  print(torch.tensor(x, { dtype: torch.float32 }));

// In [60]: d_x is linear in w, for every out_scale that might be drawn. Its
// corners are single products, a corner of w times one of out_scale, so 120
// remain of 10,000. For each of them the best w is rounded, and must fit.
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const factors = (corner: number) =>
  digits.filter((a) => digits.some((b) => a * b === corner));
const candidates = factors(27).flatMap((a) => factors(40).flatMap((b) =>
  factors(0).flatMap((c) => factors(9).map((d) =>
    tensor([[[[a, b], [c, d]]]], { dtype })))));

const [x0, w0] = [filled(0, [1, 1, 4, 4]), filled(0, [1, 1, 3, 3])];
const d_x = printed('in-60');
export const draws: [w: Tensor, out_scale: Tensor][] = [];
for (const out_scale of candidates) {
  const by_w = (w: Tensor) => gradients(x0, w, out_scale, 0)[0];
  const best = solve(by_w, d_x, w0).reshape([9]).tolist() as number[];
  const nearest = best.map((element) => Math.round(element) + 0); // no -0
  const w = tensor(nearest, { shape: w0.shape, dtype });
  const misfit = by_w(w).sub(d_x);
  const isDraw = nearest.every((element) => digits.includes(element));
  if (isDraw && dot(misfit, misfit) === 0) draws.push([w, out_scale]);
}
print('In [60]: pairs of w and out_scale that give d_x:', draws.length);
for (const draw of draws) draw.forEach(show);

// In [85] to [87]: the loss is a sum, its gradient by the output ones. The
// smallest solution gives each filter, or image, a third of their sum.
const zeros = filled(0, [3, 1, 3, 3]);
const ones = filled(1, [3, 3, 3, 3]);
export const filters: Tensor = solve(
  (w) => gradients(zeros, w, ones, 1)[0], printed('in-86'), zeros);
export const images: Tensor = solve(
  (x) => gradients(x, zeros, ones, 1)[1], printed('in-87'), zeros);
print('In [85]: the sum of the three filters, from grad_x:');
show(filters.sum(0));
print('In [85]: the sum of the three images, from grad_w:');
show(images.sum(0));

// In [177] to [185]: 16 figures for the 9 unknowns of w, and 9 figures for
// the 16 of x, of which this is the smallest that fits.
const grad_y = filled(1, [1, 1, 4, 4]);
export const w: Tensor = solve(
  (w) => gradients(x0, w, grad_y, 1)[0], printed('in-179'), w0);
export const x: Tensor = solve(
  (x) => gradients(x, w0, grad_y, 1)[1], printed('in-180'), x0);
print('In [177]: w, from grad_x:');
show(w);
print('In [177]: the smallest x that gives grad_w:');
show(x);
