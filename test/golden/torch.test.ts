/** The torch door's convolutions and promotion against what PyTorch computed (tools/record/torch_door.py). */

import { readFileSync } from 'node:fs';
import * as torch from 'adjoint/torch';
import { describe, expect, it } from 'vitest';
import { runCell } from '../support/cell.js';

const { functional: F } = torch.nn;

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** The integers from -3 to 3 of the recording script. */
class Stream {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  tensor(shape: readonly number[], dtype: torch.dtype): torch.Tensor {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Float64Array.from({ length: size }, () => {
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
      return ((this.#state >>> 24) % 7) - 3;
    });
    return torch.tensor(values).to(dtype).reshape(shape);
  }
}

/** A hash of shape and elements. */
function digest(x: torch.Tensor): string {
  const values = [x.detach().reshape(-1).tolist()].flat().map(Number);
  const code = [...x.shape, ...values].reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 17);
  return (code >>> 0).toString(16);
}

type Call = [source: string, x: number[], w: number[], b: number | null, dtype: 'f' | 'd' | 'l', digests: string];

const dtypes = { f: torch.float32, d: torch.float64, l: torch.int64 };

/** A recorded call made again: digests of y, of its gradients, and of gradients of these. */
function repeated([source, xShape, wShape, bias, letter, digests]: Call, seed: number): Call {
  const dtype = dtypes[letter];
  const stream = new Stream(seed);
  const leaf = (shape: readonly number[]) => stream.tensor(shape, dtype).requires_grad_(dtype.is_floating_point);
  const [x, w] = [leaf(xShape), leaf(wShape)];
  const b = bias === null ? null : leaf([bias]);
  const y = runCell(source, { ...F, x, w, b });
  if (!(y instanceof torch.Tensor)) throw new Error(`${source} gave no tensor`);
  const results = [y];
  if (dtype.is_floating_point) {
    const isSecond = digests.split(' ').length >= 6;
    const g = stream.tensor(y.shape, dtype).requires_grad_(isSecond);
    const inputs = b === null ? [x, w] : [x, w, b];
    const [gx, gw, ...gb] = torch.autograd.grad(y, inputs, { grad_outputs: g, create_graph: isSecond });
    if (gx === undefined || gw === undefined) throw new Error('a gradient is missing');
    results.push(gx, gw, ...gb);
    if (isSecond) {
      const [v, u] = [stream.tensor(x.shape, dtype), stream.tensor(w.shape, dtype)];
      results.push(...torch.autograd.grad(gx.mul(v).sum().add(gw.mul(u).sum()), [x, w, g]));
    }
  }
  return [source, xShape, wShape, bias, letter, results.map(digest).join(' ')];
}

const { convolutions }: { convolutions: Call[] } = read('torch-conv.json');

describe('convolutions', () => {
  const names = ['conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d'];

  it.each(names)('%s: results, gradients, gradients of gradients', (name) => {
    const mine = convolutions
      .map((call, seed) => ({ call, seed }))
      .filter(({ call }) => call[0].startsWith(`${name}(`));
    expect(mine.length).toBe(94);
    expect(mine.map(({ call, seed }) => repeated(call, seed))).toEqual(mine.map(({ call }) => call));
  });
});

/** The name of an exception as Python has it. */
const pythonName = (error: Error): string => error.name.replace(/_$/, '');

type Operation = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'maximum' | 'minimum' | 'rsub' | 'rdiv';

const { promotion }: { promotion: { [O in Operation]: string[] } } = read('torch-promotion.json');

const letters: readonly [string, torch.dtype][] = [
  ['f', torch.float32],
  ['d', torch.float64],
  ['i', torch.int32],
  ['l', torch.int64],
  ['B', torch.uint8],
  ['b', torch.bool],
];

/** A number in six dtypes and two ranks. */
const operands = (value: number): torch.Tensor[] =>
  [[1], []].flatMap((shape) => letters.map(([, dtype]) => torch.full(shape, value, { dtype })));

/** The result's dtype and value, or the exception. */
function outcome(operation: Operation, left: torch.Tensor, right: torch.Tensor | number | boolean): string {
  try {
    const result = Reflect.apply(left[operation], left, [right]);
    if (!(result instanceof torch.Tensor)) throw new Error('no tensor');
    const letter = letters.find(([, dtype]) => dtype === result.dtype)?.[0];
    return `${letter}${Number(Number(result.item()).toPrecision(6))}`;
  } catch (error) {
    if (error instanceof torch.AdjointError) return pythonName(error);
    throw error;
  }
}

describe('promotion', () => {
  const names: readonly Operation[] = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'rsub', 'rdiv'];

  it.each(names)('%s: dtypes and values of all pairs', (operation) => {
    const rights = [...operands(2), 2, 2.5, true];
    const table = operands(3).map((left) => rights.map((right) => outcome(operation, left, right)).join(' '));
    expect(table).toEqual(promotion[operation]);
  });
});
