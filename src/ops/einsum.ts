/** Einstein sums: products of axes named by letters, summed over the letters that the result does not have. */

import { ValueError } from '../errors.js';
import { showShape } from '../shape/shape.js';
import type { Ops, Typed } from './primitive.js';

/** A tensor with a name for each of its axes. */
interface Named<T> {
  readonly value: T;
  readonly axes: readonly string[];
}

const invalid = (message: string): never => {
  throw new ValueError('bad-argument', message);
};

/** Names of the axes of one term; those of an ellipsis are numbers, counted from the last axis as broadcasting does. */
function namesOf(term: string, rank: number, shown: string): string[] {
  const letters = term.replace('...', '.');
  if (!/^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term)) {
    invalid(`einsum subscripts '${shown}': '${term}' is no list of letters`);
  }
  const hidden = rank - letters.replace('.', '').length;
  if (hidden < 0 || (hidden > 0 && !letters.includes('.'))) {
    invalid(`einsum subscripts '${shown}': '${term}' names another number of axes than the operand's ${rank}`);
  }
  return [...letters].flatMap((letter) =>
    letter === '.' ? Array.from({ length: hidden }, (_, i) => `${hidden - i}`) : [letter],
  );
}

const isHidden = (name: string): boolean => name <= '9';

/** Without an arrow: the ellipsis, then each letter that occurs once, in the order of the alphabet. */
function impliedOutput(terms: readonly (readonly string[])[], hidden: readonly string[]): string[] {
  const letters = terms.flat().filter((name) => !isHidden(name));
  return [...hidden, ...letters.filter((name) => letters.indexOf(name) === letters.lastIndexOf(name)).sort()];
}

/** The axes of the result, each of which must stand in an operand, and once in the result. */
function outputOf(output: string | undefined, terms: readonly (readonly string[])[], shown: string): string[] {
  const hidden = [...new Set(terms.flat().filter(isHidden))].sort((a, b) => Number(b) - Number(a));
  if (output === undefined) return impliedOutput(terms, hidden);
  const letters = output.replace('...', '').length;
  const names = namesOf(output, letters + (output.includes('...') ? hidden.length : 0), shown);
  const known = new Set(terms.flat());
  if (new Set(names).size < names.length || !names.every((name) => known.has(name))) {
    invalid(`einsum subscripts '${shown}': each letter of the output must stand in an operand, and once in the output`);
  }
  return names;
}

const permute = <T extends Typed>(op: Ops<T>, { value, axes }: Named<T>, order: readonly string[]): T =>
  op.transpose(
    value,
    order.map((name) => axes.indexOf(name)),
  );

/** Takes the diagonal of axes with one name: of n x n cells in a row, every (n+1)-th. */
function withoutRepeats<T extends Typed>(op: Ops<T>, named: Named<T>): Named<T> {
  const { value, axes } = named;
  const second = axes.findIndex((name, axis) => axes.indexOf(name) < axis);
  if (second < 0) return named;
  const first = axes.indexOf(axes[second] as string);
  const n = value.shape[first] as number;
  if (value.shape[second] !== n) {
    invalid(`einsum: axes named '${axes[second]}' differ in size, ${n} and ${value.shape[second]}`);
  }
  const rest = axes.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const sizes = rest.map((axis) => value.shape[axis] as number);
  const rows = op.reshape(op.transpose(value, [...rest, first, second]), [...sizes, n * n]);
  const diagonal = op.slice(rows, {
    start: rows.shape.map(() => 0),
    limit: rows.shape,
    stride: rows.shape.map((_, axis) => (axis < rest.length ? 1 : n + 1)),
  });
  return withoutRepeats(op, { value: diagonal, axes: [...rest, first].map((axis) => axes[axis] as string) });
}

/** Drops the axes of size 1 whose letter has another size elsewhere: they stand for any index. */
function withoutBroadcast<T extends Typed>(
  op: Ops<T>,
  { value, axes }: Named<T>,
  sizes: Map<string, number>,
): Named<T> {
  const kept = axes.filter((name, axis) => value.shape[axis] === sizes.get(name));
  const shape = kept.map((name) => sizes.get(name) as number);
  return kept.length === axes.length ? { value, axes } : { value: op.reshape(value, shape), axes: kept };
}

/** The size of each letter, on which all operands must agree but for sizes of 1. */
function sizesOf<T extends Typed>(operands: readonly Named<T>[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { value, axes } of operands) {
    axes.forEach((name, axis) => {
      const size = value.shape[axis] as number;
      const known = sizes.get(name) ?? 1;
      if (size !== known && size !== 1 && known !== 1) {
        const shapes = operands.map((operand) => showShape(operand.value.shape)).join(', ');
        invalid(`einsum: '${name}' has size ${known} in one operand and ${size} in another (shapes ${shapes})`);
      }
      sizes.set(name, size === 1 ? known : size);
    });
  }
  return sizes;
}

/** Sums over the axes that nobody else needs. */
function sumOut<T extends Typed>(op: Ops<T>, { value, axes }: Named<T>, needed: ReadonlySet<string>): Named<T> {
  const summed = axes.flatMap((name, axis) => (needed.has(name) ? [] : [axis]));
  if (summed.length === 0) return { value, axes };
  return { value: op.reduce_sum(value, summed), axes: axes.filter((name) => needed.has(name)) };
}

/** One product of two operands: letters that both have are kept side by side if needed later, else summed over. */
function contract<T extends Typed>(op: Ops<T>, a: Named<T>, b: Named<T>, needed: ReadonlySet<string>): Named<T> {
  const left = sumOut(op, a, new Set([...needed, ...b.axes]));
  const right = sumOut(op, b, new Set([...needed, ...a.axes]));
  const common = left.axes.filter((name) => right.axes.includes(name));
  const batch = common.filter((name) => needed.has(name));
  const summed = common.filter((name) => !needed.has(name));
  const places = (operand: Named<T>, names: readonly string[]): number[] =>
    names.map((name) => operand.axes.indexOf(name));
  const value = op.dot_general(left.value, right.value, {
    leftBatch: places(left, batch),
    rightBatch: places(right, batch),
    leftContract: places(left, summed),
    rightContract: places(right, summed),
  });
  const free = (operand: Named<T>): string[] => operand.axes.filter((name) => !common.includes(name));
  return { value, axes: [...batch, ...free(left), ...free(right)] };
}

/**
 * An Einstein sum: `einsum(op, 'ij,jk->ik', [a, b])` is a matrix product. Letters name axes; a letter that occurs twice
 * in a term takes the diagonal; `...` stands for the axes without a letter, which broadcast.
 *
 * @param operands of one dtype, not bool
 * @throws ValueError where subscripts are ill-formed or don't fit the operands
 */
export function einsum<T extends Typed>(op: Ops<T>, subscripts: string, operands: readonly T[]): T {
  const text = subscripts.replaceAll(' ', '');
  const [inputs = '', output, ...more] = text.split('->');
  const terms = inputs.split(',');
  if (more.length > 0) invalid(`einsum subscripts '${subscripts}' have more than one arrow`);
  if (terms.length !== operands.length) {
    invalid(`einsum subscripts '${subscripts}' have ${terms.length} terms for ${operands.length} operands`);
  }
  const given = operands.map((value, i) => ({
    value,
    axes: namesOf(terms[i] as string, value.shape.length, subscripts),
  }));
  const wanted = outputOf(
    output,
    given.map(({ axes }) => axes),
    subscripts,
  );
  const diagonal = given.map((operand) => withoutRepeats(op, operand));
  const sizes = sizesOf(diagonal);
  const [first, ...others] = diagonal.map((operand) => withoutBroadcast(op, operand, sizes));
  if (first === undefined) return invalid('einsum needs at least one operand');
  const product = others.reduce((sofar, next, i) => {
    const needed = new Set([...wanted, ...others.slice(i + 1).flatMap((operand) => operand.axes)]);
    return contract(op, sofar, next, needed);
  }, first);
  return permute(op, sumOut(op, product, new Set(wanted)), wanted);
}
