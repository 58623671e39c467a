/** F.pad, as a row: constant, and by the array's own cells. */

import { NotImplementedError, RuntimeError } from '../../errors.js';
import { type Extension, extend } from '../../ops/extension.js';
import { isFloat } from '../../shape/dtype.js';
import { showShape } from '../../shape/shape.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { intsArgument, numberArgument, tensorArgument, wrongType } from '../arguments.js';
import { type Row, row } from '../row.js';
import { unimplemented } from './elementary.js';

type Mode = 'reflect' | 'replicate' | 'circular';

const rules: { readonly [M in Mode]: Extension } = { reflect: 'reflect', replicate: 'edge', circular: 'wrap' };

const names: { readonly [M in Mode]: string } = {
  reflect: 'reflection_pad',
  replicate: 'replication_pad',
  circular: 'circular_pad',
};

const isMode = (mode: string): mode is Mode => Object.hasOwn(rules, mode);

/** What F.pad lists last dimension first, as pairs in the order of the dimensions. */
function sidesOf(pad: readonly number[], rank: number): [lo: number, hi: number][] {
  return Array.from({ length: rank }, (_, axis) => {
    const at = 2 * (rank - 1 - axis);
    return [pad[at] ?? 0, pad[at + 1] ?? 0];
  });
}

function constantPad(x: Tensor, pad: readonly number[], value: number): Tensor {
  const sides = sidesOf(pad, x.shape.length);
  x.shape.forEach((size, axis) => {
    const [lo, hi] = sides[axis] as [number, number];
    if (size + lo + hi >= 0) return;
    throw new RuntimeError(
      'padding-invalid',
      `narrow(): length must be non-negative. Padding ${showShape(pad)} cuts more off dimension ${axis} than its ${size}`,
    );
  });
  return op.pad(x, {
    lo: sides.map(([lo]) => lo),
    hi: sides.map(([, hi]) => hi),
    interior: sides.map(() => 0),
    value: isFloat(x.dtype) ? value : Math.trunc(value),
  });
}

/** Two numbers for each of the last dimensions: 1 of 2 or 3, 2 of 3 or 4, 3 of 4 or 5. */
function checkSupported(x: Tensor, pad: readonly number[]): void {
  const dims = pad.length / 2;
  const rank = x.shape.length;
  if (dims >= 1 && dims <= 3 && (rank === dims + 1 || rank === dims + 2)) return;
  throw new NotImplementedError(
    'padding-invalid',
    `Padding size ${pad.length} is not supported for ${rank}D input tensor. ` +
      'Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now',
  );
}

/** What each mode asks of a padded dimension of `size` cells. */
const checkSide: { readonly [M in Mode]: (size: number, lo: number, hi: number, axis: number, x: Tensor) => void } = {
  reflect(size, lo, hi, axis, x) {
    if (lo < size && hi < size) return;
    throw new RuntimeError(
      'padding-invalid',
      `Argument #${2 * (x.shape.length - axis) + 2}: Padding size should be less than the corresponding input dimension, but got: ` +
        `padding (${lo}, ${hi}) at dimension ${axis} of input ${showShape(x.shape)}`,
    );
  },
  replicate() {},
  circular(size, lo, hi) {
    if (lo > size || hi > size) {
      throw new RuntimeError('padding-invalid', 'Padding value causes wrapping around more than once.');
    }
    if (size + lo + hi < 0) {
      throw new RuntimeError('padding-invalid', 'Negative padding value is resulting in an empty dimension');
    }
  },
};

function checkSizes(x: Tensor, mode: Mode, sides: readonly (readonly [number, number])[], dims: number): void {
  const rank = x.shape.length;
  const batch = rank === dims + 2 ? 1 : 0;
  if (mode !== 'circular' && x.shape.indexOf(0, batch) >= 0) {
    throw new RuntimeError(
      'size-invalid',
      `Expected ${dims + 1}D or ${dims + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero ` +
        `dimensions for input, but got: ${showShape(x.shape)}`,
    );
  }
  for (let axis = rank - 1; axis >= rank - dims; axis--) {
    const [lo, hi] = sides[axis] as readonly [number, number];
    checkSide[mode](x.shape[axis] as number, lo, hi, axis, x);
  }
  const letters = ['W', 'H', 'D'];
  const small = sides.findIndex(([lo, hi], axis) => axis >= rank - dims && (x.shape[axis] as number) + lo + hi < 1);
  if (small < 0 || mode === 'circular') return;
  const size = x.shape[small] as number;
  const [lo, hi] = sides[small] as readonly [number, number];
  const letter = letters[rank - 1 - small];
  const message = `input (${letter}: ${size}) is too small. Calculated output ${letter}: ${size + lo + hi}`;
  throw new RuntimeError('padding-invalid', message);
}

/** Cells that are cut at sides that are negative. */
function cut(x: Tensor, sides: readonly (readonly [number, number])[]): Tensor {
  if (sides.every(([lo, hi]) => lo >= 0 && hi >= 0)) return x;
  return op.slice(x, {
    start: sides.map(([lo]) => Math.max(-lo, 0)),
    limit: sides.map(([, hi], axis) => (x.shape[axis] as number) + Math.min(hi, 0)),
    stride: sides.map(() => 1),
  });
}

/** A circle is closed over what is left; a mirror and an edge show the whole array, of which is cut after. */
function extended(x: Tensor, mode: Mode, sides: readonly (readonly [number, number])[]): Tensor {
  const added = sides.map(([lo, hi]) => [Math.max(lo, 0), Math.max(hi, 0)] as const);
  if (mode === 'circular') return extend(op, cut(x, sides), rules[mode], added);
  const more = extend(op, x, rules[mode], added);
  return cut(more, sides);
}

const gradFn: Row['gradFn'] = ([, pad, mode]) => {
  const dims = Array.isArray(pad) ? pad.length / 2 : 0;
  if (mode === 'reflect') return `ReflectionPad${dims}DBackward0`;
  if (mode === 'replicate') return `ReplicationPad${dims}DBackward0`;
  return mode === 'circular' ? 'CopySlices' : 'ConstantPadNdBackward0';
};

export const padding: { readonly pad: Row } = {
  pad: row('pad', 'input pad mode? value?~', gradFn, ([input, pad, mode = 'constant', value]) => {
    const x = tensorArgument(input, 'pad', 'input');
    const sides = intsArgument(pad, 'pad', 'pad');
    if (typeof mode !== 'string') throw wrongType('pad', 'mode', 'str', mode);
    if (sides.length % 2 !== 0) {
      const message = `Padding length must be divisible by 2: two numbers a dimension, not ${showShape(sides)}`;
      throw new RuntimeError('padding-invalid', message);
    }
    if (sides.length > 2 * x.shape.length) {
      throw new RuntimeError(
        'padding-invalid',
        'Padding length should be less than or equal to two times the input dimension but got padding length ' +
          `${sides.length} and input of dimension ${x.shape.length}`,
      );
    }
    if (mode === 'constant') return constantPad(x, sides, numberArgument(value ?? undefined, 'pad', 'value', 0));
    if (value !== undefined && value !== null && value !== 0) {
      throw new RuntimeError('bad-argument', `Padding mode "${mode}" doesn't take in value argument`);
    }
    if (!isMode(mode)) throw new NotImplementedError('not-implemented', `Unrecognised padding mode ${mode}`);
    checkSupported(x, sides);
    const all = sidesOf(sides, x.shape.length);
    checkSizes(x, mode, all, sides.length / 2);
    if (x.dtype === 'bool' && mode !== 'circular') throw unimplemented(`${names[mode]}${sides.length / 2}d`, x.dtype);
    const result = extended(x, mode, all);
    return result === x ? op.reshape(x, x.shape) : result;
  }),
};
