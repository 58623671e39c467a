/**
 * What is done to the numbers of a result before they are stored: elementwise operations on each, with numbers that
 * belong to its column, as a bias does and an activation. Kernels that have their results in a panel do it there.
 */

import { add, FunctionBuilder, load, multiply, splat } from '../kernel/build.js';
import type { Plan } from '../kernel/launch.js';
import type { Expr, Func, Variable } from '../kernel/program.js';
import { type DType, dtypes } from '../shape/dtype.js';
import { cellOf } from './cells.js';
import { type ElementwiseNode, express, nodeKey, widthOf } from './elementwise.js';
import { type Format, isWhole, range, sizesOf, tileVectors } from './panel.js';

export interface Epilogue {
  /** The number itself is value 0, the inputs are those after it, and then the nodes; the last is what is stored. */
  readonly nodes: readonly ElementwiseNode[];
  /** The dtype of the number, of the inputs and of the last node. */
  readonly dtype: DType;
  /** A number for each column, one after the other; or one for all. */
  readonly inputs: readonly ('column' | 'one')[];
}

/** What kernels that do it have at the end of their names. */
export const suffixOf = (epilogue: Epilogue | null): string =>
  epilogue === null ? '' : `, then ${epilogue.inputs} ${epilogue.nodes.map(nodeKey).join(' ')}`;

/** Whether it can be computed on vectors of so many bytes. */
export function isVectorised({ nodes, dtype, inputs }: Epilogue, vectorBytes: number): boolean {
  const all = [dtype, ...inputs.map(() => dtype)];
  return widthOf(nodes, all) === vectorBytes / dtypes[dtype].bytes && nodes.at(-1)?.dtype === dtype;
}

/** Whether every launch of a plan that writes to its result does what is to be done. */
export const isDoneBy = ({ launches }: Plan, epilogue: Epilogue, result: number): boolean =>
  launches.every(({ kernel, args }) => {
    const writes = args.some((arg) => typeof arg !== 'number' && arg.buffer === result);
    return !writes || kernel.name.endsWith(suffixOf(epilogue));
  });

/** Addresses of the inputs at a column, from those that a launch gives. */
export const inputsAt = (epilogue: Epilogue, given: readonly Variable[], column: Expr): Expr[] =>
  epilogue.inputs.map((input, i) => {
    const address = given[i] as Variable;
    return input === 'one' ? address : add(address, multiply(column, dtypes[epilogue.dtype].bytes));
  });

/** panel[count][columns] becomes what is to be stored; behind how many columns are present, addresses of the inputs. */
export function finishFunction(format: Format, { nodes, inputs, dtype }: Epilogue): Func {
  const { vectorBytes } = format;
  const { width, columns, bytes, step } = sizesOf(format);
  const cell = cellOf[dtype];
  const types = [dtype, ...inputs.map(() => dtype), ...nodes.map((node) => node.dtype)];
  const f = new FunctionBuilder(3 + inputs.length);
  const [panel, count, present, ...addresses] = f.parameters as [Variable, Variable, Variable, ...Variable[]];
  const finish = (at: Expr, lanes: number, others: readonly Expr[], offset: number): void => {
    const values: Expr[] = [f.let(load(cell, lanes, at, offset)), ...others];
    for (const node of nodes) values.push(f.let(express(f, node, values, types, lanes)));
    f.store(cell, at, values.at(-1) as Expr, offset);
  };
  const byVectors = (): void => {
    for (const v of range(tileVectors)) {
      const others = inputs.map((input, i) => {
        const address = addresses[i] as Variable;
        return f.let(
          input === 'column' ? load(cell, width, address, v * vectorBytes) : splat(load(cell, 1, address), width),
        );
      });
      f.loop(count, [[panel, step]], (at) => finish(at, width, others, v * vectorBytes));
    }
  };
  const byNumbers = (): void =>
    f.loop(
      present,
      [
        [panel, bytes],
        ...inputs.map((input, i) => [addresses[i] as Variable, input === 'column' ? bytes : 0] as const),
      ],
      (column, ...places) => {
        const others = places.map((place) => f.let(load(cell, 1, place)));
        f.loop(count, [[column, step]], (at) => finish(at, 1, others, 0));
      },
    );
  f.if(isWhole(present, columns), byVectors, byNumbers);
  return f.finish('finish');
}
