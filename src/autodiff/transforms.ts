/** Differentiation of functions: the pullback, and from it everything else, to every order. */

import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { table } from '../ops/table.js';
import { isFloat } from '../shape/dtype.js';
import { checkFields, sameShape, show, showShape, wholeNumber } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import {
  asTensor,
  full,
  Node,
  newTensor,
  op,
  type Rule,
  record,
  type Tensor,
  type TensorLike,
} from '../tensor/tensor.js';
import { backward, type Graph, reachable } from './backward.js';

/** A core tensor as an array of the door that `model` came from. */
const like = (model: unknown, value: Tensor): Foreign => (isForeign(model) ? model.fromCore(value) : value);

function checkFunction(f: unknown, name: string): void {
  if (typeof f !== 'function') throw new TypeError_('bad-argument', `${name} takes a function, not ${show(f)}`);
}

/** What a function returned, as a core tensor. */
function resultOf(y: unknown): Tensor {
  if (!isForeign(y)) throw new TypeError_('bad-argument', `the function must return a tensor, not ${show(y)}`);
  return y.toCore();
}

/** The same, of a kind that has gradients. */
function differentiable(y: unknown): Tensor {
  const result = resultOf(y);
  if (isFloat(result.dtype)) return result;
  throw new RuntimeError(
    'not-differentiable',
    `the function's result is ${result.dtype}: only float32 and float64 tensors have gradients; convert it first`,
  );
}

/** An argument as the start of a graph of its own, linked to where it came from if that is recorded too. */
function start(argument: Tensor, position: number): Tensor {
  if (!isFloat(argument.dtype)) {
    throw new RuntimeError(
      'not-differentiable',
      `argument ${position} is ${argument.dtype}: only float32 and float64 tensors have gradients; convert it first`,
    );
  }
  if (argument.node === null) return argument.recordedAs(new Node());
  return record(table.convert, { dtype: argument.dtype }, [argument], argument);
}

/** The results of a recorded run, and the way back from gradients of the results to those of the starts. */
interface Trace {
  readonly outputs: readonly Tensor[];
  pull(seeds: readonly Tensor[]): Tensor[];
  /** Lets go of what was saved for the rules, unless somebody outside differentiates too: nothing is pulled again. */
  free(): void;
}

/**
 * A graph is recorded again while it is walked only where somebody outside differentiates too: where it has a leaf that
 * is none of `starts`.
 */
function traceOf(starts: readonly Tensor[], outputs: readonly Tensor[]): Trace {
  const graph: Graph = reachable(outputs.map((y) => y.node));
  const mine = new Set(starts.map((x) => x.node));
  const isNested = graph.some((node) => node.rule === null && !mine.has(node));
  // An argument that f merely passed on has another holder already.
  const own = outputs.map((y) => (mine.has(y.node) ? y.share() : y));
  return {
    outputs: isNested ? own : own.map((y) => y.plain),
    pull(seeds) {
      const gradients = backward(graph, outputs, seeds, (node) => mine.has(node), { record: isNested, free: false });
      return starts.map((x) => (x.node && gradients.get(x.node)) ?? full(x, 0));
    },
    free() {
      if (!isNested) for (const node of graph) node.free();
    },
  };
}

/** Runs f on recorded arguments; those not in `argnums` are passed on as they are. */
function trace<R>(
  f: (...args: never[]) => R,
  args: readonly TensorLike[],
  argnums: readonly number[],
  outputsOf: (y: R) => readonly Tensor[],
): Trace & { readonly result: R } {
  const starts = argnums.map((position) => {
    const argument = args[position];
    if (argument === undefined) {
      throw new ValueError('bad-argument', `argnums has ${position}, and ${args.length} argument(s) were given`);
    }
    return start(asTensor(argument, `argument ${position}`), position);
  });
  const passed = args.map((argument, position) => {
    const index = argnums.indexOf(position);
    return like(argument, index < 0 ? asTensor(argument, `argument ${position}`) : (starts[index] as Tensor));
  });
  const run = () => {
    const result = f(...(passed as never[]));
    return { result, ...traceOf(starts, outputsOf(result)) };
  };
  const door = passed.find((argument) => argument.recording !== undefined);
  return door?.recording === undefined ? run() : door.recording(run);
}

const all = (args: readonly unknown[]): number[] => args.map((_, position) => position);

/** A seed, or a tangent: anything that makes a tensor of the shape and dtype of what it belongs to. */
function matching(value: TensorLike, model: Tensor, name: string): Tensor {
  const given = asTensor(value, name);
  if (!sameShape(given.shape, model.shape)) {
    throw new RuntimeError(
      'shape-mismatch',
      `${name} has shape ${showShape(given.shape)}; it must have ${showShape(model.shape)}, as what it belongs to`,
    );
  }
  return op.convert(given, model.dtype);
}

/** As many as there are arguments, each of its argument's shape. */
function matchingAll(values: readonly TensorLike[], args: readonly TensorLike[], name: string): Tensor[] {
  if (!Array.isArray(args)) throw new TypeError_('bad-argument', `args must be a list of arguments, not ${show(args)}`);
  if (!Array.isArray(values)) {
    throw new TypeError_('bad-argument', `${name} must be a list, one for each argument, not ${show(values)}`);
  }
  if (values.length !== args.length) {
    const counts = `${args.length} argument(s), and ${values.length} were given`;
    throw new ValueError('bad-argument', `${name} must be a list, one for each of ${counts}`);
  }
  return values.map((value, i) => matching(value, asTensor(args[i] as TensorLike), `${name}[${i}]`));
}

/**
 * What a function's arguments are, and so their gradients: T as its parameters say, or where these take anything (as
 * those of grad's own results do) or are none, R, what it returns.
 */
type Argument<T, R> = [T] extends [never] ? R : Foreign extends T ? R : T;

/**
 * The value of `f` at `args`, and its pullback: from the gradient by the value to the gradients by the arguments. The
 * pullback may be called any number of times, and differentiated.
 *
 * @returns [y, pullback]; pullback(gy) is an array of gradients, one an argument, zeros where y doesn't depend on it
 * @throws RuntimeError for an argument that isn't float32 or float64, or a gy of another shape than y
 * @example const [y, pullback] = vjp((x) => x.mul(x), tensor([3])); pullback([1])[0].tolist() // [6]
 */
export function vjp<
  R extends Foreign,
  T extends Foreign = Tensor,
  const A extends readonly TensorLike[] = TensorLike[],
>(f: (...args: T[]) => R, ...args: A): [R, (gy: TensorLike) => Each<A, Argument<T, R>>] {
  checkFunction(f, 'vjp');
  const { result, outputs, pull } = trace(f, args, all(args), (y) => [differentiable(y)]);
  const value = outputs[0] as Tensor;
  const pullback = (gy: TensorLike) =>
    pull([matching(gy, value, 'gy')]).map((gradient, i) => like(args[i], gradient)) as Each<A, Argument<T, R>>;
  return [like(result, value) as R, pullback];
}

export interface GradOptions<N extends number | readonly number[] = number | readonly number[]> {
  /** Which arguments to differentiate by: one (then one gradient is given) or several (then an array). */
  readonly argnums?: N;
}

/** The positions that options ask for, each once. */
function positionsIn(options: GradOptions): number[] {
  checkFields(options, ['argnums'], 'the options');
  const { argnums = 0 } = options;
  const positions = (Array.isArray(argnums) ? argnums : [argnums]).map((position) =>
    wholeNumber(position, 'argnums', 0),
  );
  positions.forEach((position, i) => {
    if (positions.indexOf(position) !== i) throw new ValueError('bad-argument', `argnums has ${position} twice`);
  });
  return positions;
}

type Gradients<T, N> = N extends readonly number[] ? Each<N, T> : T;

/** As many as a list has: a tuple for a tuple. */
type Each<List extends readonly unknown[], T> = { -readonly [K in keyof List]: T };

/** One gradient for a number, an array for an array. */
const shaped = <T, N>(gradients: T[], argnums: unknown): Gradients<T, N> =>
  (Array.isArray(argnums) ? gradients : gradients[0]) as Gradients<T, N>;

/**
 * The value of a scalar function and its gradient, from one run.
 *
 * @throws RuntimeError where f's result is no scalar, or an argument to differentiate by isn't floating
 * @example valueAndGrad((x) => x.mul(x).sum())(tensor([1, 2]))[1].tolist() // [2, 4]
 */
export function valueAndGrad<
  R extends Foreign,
  T extends Foreign = Tensor,
  const N extends number | readonly number[] = number,
>(f: (...args: T[]) => R, options: GradOptions<N> = {}): (...args: TensorLike[]) => [R, Gradients<Argument<T, R>, N>] {
  checkFunction(f, 'grad');
  const positions = positionsIn(options);
  return (...args) => {
    const { result, outputs, pull, free } = trace(f, args, positions, (y) => [differentiable(y)]);
    const value = outputs[0] as Tensor;
    if (value.size !== 1) {
      throw new RuntimeError(
        'not-a-scalar',
        `grad needs a function with a scalar result, not one of shape ${showShape(value.shape)}; sum it, or use vjp`,
      );
    }
    const gradients = pull([full(value, 1)]).map((gradient, i) => like(args[positions[i] as number], gradient));
    free();
    return [like(result, value) as R, shaped<Argument<T, R>, N>(gradients as Argument<T, R>[], options.argnums)];
  };
}

/**
 * The gradient of a scalar function, as a function of the same arguments: of shape and dtype of the argument, and an
 * array of them where `argnums` is one. `grad(grad(f))` and so on give higher orders.
 *
 * @throws RuntimeError where f's result is no scalar, or an argument to differentiate by isn't floating
 * @example grad((x) => x.mul(x).sum())(tensor([1, 2])).tolist() // [2, 4]
 */
export function grad<
  R extends Foreign,
  T extends Foreign = Tensor,
  const N extends number | readonly number[] = number,
>(f: (...args: T[]) => R, options: GradOptions<N> = {}): (...args: TensorLike[]) => Gradients<Argument<T, R>, N> {
  const both = valueAndGrad<R, T, N>(f, options);
  return (...args) => both(...args)[1];
}

/**
 * The Jacobian: shape [...y.shape, ...x.shape], entry [i, j] the derivative of y[i] by x[j].
 *
 * @example jacobian((x) => x.mul(x))(tensor([1, 2])).tolist() // [[2, 0], [0, 4]]
 */
export function jacobian<
  R extends Foreign,
  T extends Foreign = Tensor,
  const N extends number | readonly number[] = number,
>(f: (...args: T[]) => R, options: GradOptions<N> = {}): (...args: TensorLike[]) => Gradients<Argument<T, R>, N> {
  checkFunction(f, 'jacobian');
  const positions = positionsIn(options);
  return (...args) => {
    const { outputs, pull, free } = trace(f, args, positions, (y) => [differentiable(y)]);
    const y = outputs[0] as Tensor;
    const rows = Array.from({ length: y.size }, (_, i) => {
      const basis = Array.from({ length: y.size }, (_unused, j) => (i === j ? 1 : 0));
      return pull([newTensor(basis, y.shape, y.dtype)]);
    });
    free();
    const jacobians = positions.map((position, i) => {
      const x = asTensor(args[position] as TensorLike);
      const parts = rows.map((row) => op.reshape(row[i] as Tensor, [1, x.size]));
      const whole = parts.length > 0 ? op.concatenate(parts, 0) : full({ shape: [0, x.size], dtype: x.dtype }, 0);
      return like(args[position], op.reshape(whole, [...y.shape, ...x.shape])) as Argument<T, R>;
    });
    return shaped<Argument<T, R>, N>(jacobians, options.argnums);
  };
}

/**
 * Forward mode: the value of `f` at `args`, and its derivative along `tangents`. The pullback is linear in gy, and the
 * pullback of that linear function is the derivative, so no second table of rules is needed.
 *
 * @returns [y, ty]
 * @example jvp((x) => x.mul(x), [tensor([3])], [[1]])[1].tolist() // [6]
 */
export function jvp<R extends Foreign, T extends Foreign = Tensor>(
  f: (...args: T[]) => R,
  args: readonly TensorLike[],
  tangents: readonly TensorLike[],
): [R, R] {
  checkFunction(f, 'jvp');
  const directions = matchingAll(tangents, args, 'tangents');
  const { result, outputs, pull } = trace(f, args, all(args), (y) => [differentiable(y)]);
  const value = outputs[0] as Tensor;
  const gy = start(full(value, 0), 0);
  const [ty] = traceOf([gy], pull([gy])).pull(directions);
  return [like(result, value) as R, like(result, ty as Tensor) as R];
}

/**
 * The Hessian of a scalar function times vectors, one an argument: the pullback of the gradient.
 *
 * @returns an array, one an argument
 * @example hvp((x) => x.mul(x).mul(x).sum(), [tensor([2])], [[1]])[0].tolist() // [12]
 */
export function hvp<
  R extends Foreign,
  T extends Foreign = Tensor,
  const A extends readonly TensorLike[] = TensorLike[],
>(f: (...args: T[]) => R, args: A, vectors: readonly TensorLike[]): Each<A, Argument<T, R>> {
  const directions = matchingAll(vectors, args, 'vectors');
  const argnums = all(args);
  const gradient = grad<R, T, number[]>(f, { argnums });
  const { pull } = trace(
    (...inner: T[]) => gradient(...inner),
    args,
    argnums,
    (gs) => gs.map((g) => g.toCore()),
  );
  return pull(directions).map((product, i) => like(args[i], product)) as Each<A, Argument<T, R>>;
}

/**
 * A function with a gradient rule of its own.
 *
 * @param rule given the gradient by the result and the arguments, one gradient an argument, null for none
 * @example const clip = customVjp((x) => x, (gy, x) => [gy.mul(0.5)])
 */
export function customVjp<R extends Foreign, T extends Foreign = Tensor>(
  f: (...args: T[]) => R,
  rule: (gy: R, ...args: T[]) => readonly (Foreign | null)[],
): (...args: TensorLike[]) => R {
  checkFunction(f, 'customVjp');
  checkFunction(rule, "customVjp's rule");
  return (...args) => {
    const inputs = args.map((argument, i) => asTensor(argument, `argument ${i}`));
    const wrapped = (values: readonly Tensor[]): T[] => values.map((value, i) => like(args[i], value) as T);
    const passed = inputs.map((input) => input.plain);
    const result = f(...wrapped(passed));
    const y = resultOf(result);
    const value = passed.includes(y) ? y.share() : y.plain;
    // The rule gives all gradients at once, the engine asks for one after the other.
    let last: { gradient: Tensor; given: readonly (Foreign | null)[] } | undefined;
    const custom: Rule = {
      name: 'custom_vjp',
      saves: 'inputs',
      vjp(call, argument) {
        if (last?.gradient !== call.gradient) {
          const given = rule(like(result, call.gradient) as R, ...wrapped(call.inputs));
          last = { gradient: call.gradient, given: checkGiven(given, inputs) };
        }
        return last.given[argument]?.toCore() ?? null;
      },
    };
    const isRecorded = isFloat(value.dtype) && inputs.some((input) => input.node !== null);
    return like(result, isRecorded ? record(custom, undefined, inputs, value) : value) as R;
  };
}

/** What a custom rule returned: one gradient an argument, each of the argument's shape. */
function checkGiven(given: unknown, inputs: readonly Tensor[]): readonly (Foreign | null)[] {
  if (!Array.isArray(given) || given.length !== inputs.length) {
    const what = Array.isArray(given) ? `${given.length}` : show(given);
    throw new ValueError(
      'bad-argument',
      `the rule must give an array of ${inputs.length} gradients, one an argument, not ${what}`,
    );
  }
  return given.map((gradient: unknown, i) => {
    if (gradient === null) return null;
    if (!isForeign(gradient)) {
      throw new TypeError_('bad-argument', `gradient ${i} of the rule must be a tensor or null, not ${show(gradient)}`);
    }
    return matching(gradient, inputs[i] as Tensor, `gradient ${i} of the rule`);
  });
}

/**
 * The same value, through which no gradient goes.
 *
 * @example grad((x) => x.mul(stopGradient(x)).sum())(tensor([3])).tolist() // [3]
 */
export function stopGradient<T extends Foreign>(x: T): T;
export function stopGradient(x: TensorLike): Foreign;
export function stopGradient(x: TensorLike): Foreign {
  return like(x, asTensor(x).share(null));
}
