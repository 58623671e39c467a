/** torch.autograd.gradcheck: gradients against central differences. */

import { signature } from '../door/signature.js';
import { GradcheckError, TypeError_, ValueError } from '../errors.js';
import { newTensor, op } from '../tensor/tensor.js';
import { boolArgument, numberArgument, typeName } from './arguments.js';
import { grad } from './autograd.js';
import { randn } from './draws.js';
import type { TensorFunction, Tensors } from './jacobians.js';
import { enable_grad, no_grad } from './mode.js';
import { Tensor } from './tensor.js';

export interface GradcheckOptions {
  /** The step of the differences. */
  readonly eps?: number;
  readonly atol?: number;
  readonly rtol?: number;
  /** Whether a mismatch is thrown, or just makes the result false. */
  readonly raise_exception?: boolean;
  readonly nondet_tol?: number;
  readonly check_undefined_grad?: boolean;
  readonly check_grad_dtypes?: boolean;
  readonly check_batched_grad?: boolean;
  readonly fast_mode?: boolean;
}

const OPTIONS =
  'eps= atol= rtol= raise_exception= nondet_tol= check_undefined_grad= check_grad_dtypes= check_batched_grad= fast_mode=';
const readGradcheck = signature('gradcheck', `func inputs ${OPTIONS}`);
const readGradgradcheck = signature('gradgradcheck', `func inputs grad_outputs?~ ${OPTIONS}`);

interface Check {
  readonly eps: number;
  readonly atol: number;
  readonly rtol: number;
}

function optionsFrom([eps, atol, rtol]: readonly unknown[], call: string): Check {
  return {
    eps: numberArgument(eps, call, 'eps', 1e-6),
    atol: numberArgument(atol, call, 'atol', 1e-5),
    rtol: numberArgument(rtol, call, 'rtol', 1e-3),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const tensorsIn = (value: unknown): Tensor[] => listOf(value).filter((item) => item instanceof Tensor);

const outputsOf = (f: (...args: unknown[]) => unknown, args: readonly unknown[]): Tensor[] =>
  tensorsIn(enable_grad(() => Reflect.apply(f, undefined, args))).filter(({ dtype }) => dtype.is_floating_point);

/** Derivatives of an output, a column each element, by an input, a row each: as differences. */
function numericJacobian(
  f: (...args: unknown[]) => unknown,
  args: readonly unknown[],
  input: Tensor,
  output: number,
  eps: number,
): Tensor {
  const values = Float64Array.from<number | bigint>(input.detach().toCore().array, Number);
  const at = (shifted: Float64Array): Float64Array => {
    const { dtype } = input;
    const moved = new Tensor(newTensor(shifted, [...input.shape], dtype.name)).requires_grad_();
    const outputs = outputsOf(
      f,
      args.map((arg) => (arg === input ? moved : arg)),
    );
    return Float64Array.from<number | bigint>((outputs[output] as Tensor).detach().toCore().array, Number);
  };
  const rows = Array.from(values, (value, i) => {
    const [ahead, behind] = [at(values.with(i, value + eps)), at(values.with(i, value - eps))];
    return ahead.map((y, j) => (y - (behind[j] as number)) / (2 * eps));
  });
  const flat = rows.flatMap((row) => [...row]);
  return new Tensor(newTensor(flat, [values.length, rows[0]?.length ?? 0], input.dtype.name));
}

/** The same, by the walk back. */
function analyticJacobian(y: Tensor, inputs: readonly Tensor[]): Tensor[] {
  const count = y.numel();
  const columns = Array.from({ length: count }, (_, j) => {
    const basis = Array.from({ length: count }, (_unused, k) => Number(k === j));
    const grad_outputs = new Tensor(newTensor(basis, [...y.shape], y.dtype.name));
    return grad(y, inputs, { grad_outputs, retain_graph: true, allow_unused: true });
  });
  return inputs.map((input, i) => {
    const parts = columns.map((column) => {
      const found: Tensor | null = column[i] ?? null;
      const flat =
        found === null ? op.full({ shape: [input.numel()], dtype: input.dtype.name }, 0) : found.toCore().plain;
      return op.reshape(op.convert(flat, input.dtype.name), [input.numel(), 1]);
    });
    const none = op.full({ shape: [input.numel(), 0], dtype: input.dtype.name }, 0);
    return new Tensor(parts.length > 0 ? op.concatenate(parts, 1) : none);
  });
}

function isClose(a: Tensor, b: Tensor, { rtol, atol }: Check): boolean {
  const [x, y] = [a.toCore().array, b.toCore().array];
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [Number(x[i]), Number(y[i])];
    if (!(p === q || Math.abs(p - q) <= atol + rtol * Math.abs(q))) return false;
  }
  return true;
}

/** @throws GradcheckError at the first mismatch */
function checkAll(f: (...args: unknown[]) => unknown, args: readonly unknown[], check: Check): void {
  const inputs = args.filter((arg) => arg instanceof Tensor && arg.requires_grad) as Tensor[];
  const outputs = outputsOf(f, args);
  outputs.forEach((y, i) => {
    const analytic = y.requires_grad ? analyticJacobian(y, inputs) : null;
    inputs.forEach((input, j) => {
      const numeric = no_grad(() => numericJacobian(f, args, input, i, check.eps));
      if (analytic === null) {
        const zeros = new Tensor(op.full({ shape: [...numeric.shape], dtype: numeric.dtype.name }, 0));
        if (isClose(numeric, zeros, check)) return;
        throw new GradcheckError('check-failed', 'Numerical gradient for function expected to be zero');
      }
      const found = analytic[j] as Tensor;
      if (isClose(found, numeric, check)) return;
      throw new GradcheckError(
        'check-failed',
        `Jacobian mismatch for output ${i} with respect to input ${j},\nnumerical:${numeric}\nanalytical:${found}\n`,
      );
    });
  });
}

function checked(f: unknown, given: unknown, check: Check, raises: boolean, call: string): boolean {
  if (typeof f !== 'function') {
    throw new TypeError_('bad-argument', `${call}(): argument 'func' must be a function, not ${typeName(f)}`);
  }
  const args = listOf(given);
  if (!args.some((arg) => arg instanceof Tensor && arg.requires_grad)) {
    throw new ValueError(
      'bad-argument',
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    );
  }
  try {
    checkAll((...values) => Reflect.apply(f, undefined, values), args, check);
    return true;
  } catch (error) {
    if (error instanceof GradcheckError && !raises) return false;
    throw error;
  }
}

/**
 * torch.autograd.gradcheck: whether gradients by all inputs that require grad are what central differences say. Give
 * float64: the differences of float32 are too coarse.
 *
 * @throws GradcheckError for a gradient that isn't (unless `raise_exception` is false), ValueError where no input
 * requires grad
 * @example torch.autograd.gradcheck((x) => x.mul(x), torch.ones(2, { dtype: 'float64', requires_grad: true })) // true
 */
export function gradcheck(func: TensorFunction, inputs: Tensors, options?: GradcheckOptions): boolean;
export function gradcheck(...args: unknown[]): boolean {
  const [f, inputs, ...options] = readGradcheck(args);
  const raises = boolArgument(options[3], 'gradcheck', 'raise_exception', true);
  return checked(f, inputs, optionsFrom(options, 'gradcheck'), raises, 'gradcheck');
}

/**
 * torch.autograd.gradgradcheck: the same of the gradients, by the inputs and by the gradients of the outputs, which are
 * random where they aren't given.
 *
 * @throws as gradcheck
 * @example torch.autograd.gradgradcheck((x) => x.pow(3), torch.ones(2, { dtype: 'float64', requires_grad: true })) // true
 */
export function gradgradcheck(
  func: TensorFunction,
  inputs: Tensors,
  grad_outputs?: Tensors | null | GradcheckOptions,
  options?: GradcheckOptions,
): boolean;
export function gradgradcheck(...args: unknown[]): boolean {
  const [f, given, vectors, ...options] = readGradgradcheck(args);
  if (typeof f !== 'function') {
    throw new TypeError_('bad-argument', `gradgradcheck(): argument 'func' must be a function, not ${typeName(f)}`);
  }
  const inputs = listOf(given);
  const outputs = outputsOf((...values) => Reflect.apply(f, undefined, values), inputs);
  const weights =
    vectors === undefined || vectors === null
      ? outputs.map((y) => randn([...y.shape], { dtype: y.dtype, requires_grad: true }))
      : tensorsIn(vectors);
  const second = (...values: unknown[]): unknown => {
    const own = values.slice(0, inputs.length);
    const results = outputsOf((...list) => Reflect.apply(f, undefined, list), own);
    const wanted = own.filter((value) => value instanceof Tensor && value.requires_grad) as Tensor[];
    const grad_outputs = values.slice(inputs.length) as Tensor[];
    const found: readonly (Tensor | null)[] = enable_grad(() =>
      grad(results, wanted, { grad_outputs, create_graph: true, allow_unused: true }),
    );
    return found.filter((gradient) => gradient !== null);
  };
  const raises = boolArgument(options[3], 'gradgradcheck', 'raise_exception', true);
  const check = optionsFrom(options, 'gradgradcheck');
  return checked(second, [...inputs, ...weights], check, raises, 'gradgradcheck');
}
