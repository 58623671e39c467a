/** One pass of one shape as a call of adjoint's, on operands of its own. */

import { adjointOfInput, adjointOfKernel, type Convolution } from '../../src/conv/convolution.js';
import { lower } from '../../src/conv/spec.js';
import { type ConvSpecOptions, conv, convSpec, device, type Tensor, tensor } from '../../src/index.js';
import { planOf } from '../../src/ops/compute.js';
import { table } from '../../src/ops/table.js';
import { op } from '../../src/tensor/tensor.js';
import { LETTERS, layOut, type Operands, sizesIn } from './operands.js';
import { type Layout, type Operand, type Pass, type Precision, type ShapeName, shapes } from './shapes.js';

/** What is to be called. */
export interface Case {
  readonly name: ShapeName;
  readonly pass: Pass;
  readonly layout: Layout;
  readonly precision: Precision;
}

/** The two operands of a pass, and the convolution that it does with them. */
interface Pair {
  readonly operands: readonly [Operand, Operand];
  readonly shapes: readonly [readonly number[], readonly number[]];
  readonly convolution: Convolution;
}

function specOf({ name, layout, precision }: Case): ConvSpecOptions {
  const { stride, padding, groups } = shapes[name];
  const { x, w, y } = LETTERS[layout];
  return {
    stride,
    padding,
    featureGroups: groups,
    layout: { input: x, kernel: w, output: y },
    precision,
  };
}

const typed = (shape: readonly number[]) => ({ shape, dtype: 'float32' }) as const;

/** Each pass as the convolution it is; groups have an axis of their own here. */
function pairOf(given: Case): Pair {
  const { name, pass, layout } = given;
  const sizes = (operand: Operand): number[] => sizesIn(shapes[name], operand, layout);
  const { convolution, inputShape: x, kernelShape: w } = lower(convSpec(specOf(given)), sizes('x'), sizes('w'));
  const y = table.convolution.shape([typed(x), typed(w)], convolution).shape;
  const pairs: { readonly [pass in Pass]: () => Pair } = {
    y: () => ({ operands: ['x', 'w'], shapes: [x, w], convolution }),
    dx: () => ({ operands: ['y', 'w'], shapes: [y, w], convolution: adjointOfInput(convolution, x, w) }),
    dw: () => ({ operands: ['x', 'y'], shapes: [x, y], convolution: adjointOfKernel(convolution, x, w) }),
  };
  return pairs[pass]();
}

/** How the engine computes a case: the name of its algorithm. */
export function algorithmOf(given: Case): string {
  if (device() === 'reference') return 'reference';
  const { shapes: pair, convolution } = pairOf(given);
  const inputs = pair.map(typed);
  return (
    planOf(table.convolution, inputs, convolution, table.convolution.shape(inputs, convolution))?.algorithm ??
    'reference'
  );
}

/**
 * Puts the operands that a pass reads into the heap, and gives the call. A gradient is what backward calls, the adjoint
 * convolution alone: the public functions would time the forward pass as well, or both gradients.
 */
export function callOf(given: Case, operands: Operands): () => Tensor {
  const { name, pass, layout } = given;
  const { operands: names, shapes: pair, convolution } = pairOf(given);
  const make = (operand: Operand, shape: readonly number[]): Tensor =>
    tensor(layOut(operands[operand], shapes[name], operand, layout), { shape });
  if (pass !== 'y') {
    const [a, b] = [make(names[0], pair[0]), make(names[1], pair[1])];
    return () => op.convolution(a, b, convolution);
  }
  const spec = specOf(given);
  const [x, w] = [make('x', sizesIn(shapes[name], 'x', layout)), make('w', sizesIn(shapes[name], 'w', layout))];
  return () => conv(x, w, spec);
}
