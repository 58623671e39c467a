/** Bad arguments of the transforms, and functions that misbehave in them. */

import { customVjp, grad, hvp, jacobian, jvp, type Tensor, tensor, valueAndGrad, vjp } from 'adjoint';
import { bad, type Row, zeros } from '../row.js';

const v = zeros(300);
const integers = tensor(new Int32Array(300));
const sum = (x: Tensor): Tensor => x.sum();
const same = (x: Tensor): Tensor => x;
const count = (): Tensor => tensor(3, { dtype: 'int32' });

export const functions: readonly Row[] = [
  ['grad', () => grad(bad(3)), 'TypeError_ bad-argument', 'grad takes a function, not 3'],
  ['valueAndGrad', () => valueAndGrad(bad(undefined)), 'TypeError_ bad-argument', 'takes a function, not undefined'],
  ['vjp', () => vjp(bad(null), v), 'TypeError_ bad-argument', 'vjp takes a function, not null'],
  ['jvp', () => jvp(bad('f'), [v], [v]), 'TypeError_ bad-argument', "jvp takes a function, not 'f'"],
  ['hvp', () => hvp(bad({}), [v], [v]), 'TypeError_ bad-argument', 'takes a function, not a value of type Object'],
  ['jacobian', () => jacobian(bad(v)), 'TypeError_ bad-argument', 'takes a function, not a tensor of shape [300]'],
  ['customVjp', () => customVjp(bad(3), () => []), 'TypeError_ bad-argument', 'customVjp takes a function, not 3'],
  [
    "customVjp's rule",
    () => customVjp(same, bad(undefined)),
    'TypeError_ bad-argument',
    "customVjp's rule takes a function",
  ],
];

const returned = 'the function must return a tensor, not ';

export const results: readonly Row[] = [
  ['a number', () => grad(bad(() => 5))(v), 'TypeError_ bad-argument', `${returned}5`],
  ['nothing', () => grad(bad(() => {}))(v), 'TypeError_ bad-argument', `${returned}undefined`],
  [
    'a promise',
    () => grad(bad(async () => v.sum()))(v),
    'TypeError_ bad-argument',
    `${returned}a value of type Promise`,
  ],
  ['a list', () => grad(bad((x: Tensor) => [x]))(v), 'TypeError_ bad-argument', `${returned}[a tensor of shape [300]]`],
  ['a vector', () => grad(same)(v), 'RuntimeError not-a-scalar', 'not one of shape [300]; sum it, or use vjp'],
  ['no elements', () => grad(same)(zeros(0)), 'RuntimeError not-a-scalar', 'not one of shape [0]'],
  ['a vector, in hvp', () => hvp(same, [v], [v]), 'RuntimeError not-a-scalar', 'a scalar result'],
  ['an integer', () => grad(count)(v), 'RuntimeError not-differentiable', "the function's result is int32"],
  ['an integer, in vjp', () => vjp(count, v), 'RuntimeError not-differentiable', "the function's result is int32"],
  [
    'an integer, in jvp',
    () => jvp(count, [v], [v]),
    'RuntimeError not-differentiable',
    "the function's result is int32",
  ],
  ['an integer, in jacobian', () => jacobian(count)(v), 'RuntimeError not-differentiable', 'result is int32'],
  [
    'a number, in customVjp',
    () =>
      customVjp(
        bad(() => 3),
        () => [],
      )(v),
    'TypeError_ bad-argument',
    `${returned}3`,
  ],
];

const onlyFloats = 'argument 0 is int32: only float32 and float64 tensors have gradients; convert it first';

export const args: readonly Row[] = [
  ['integers', () => grad(sum)(integers), 'RuntimeError not-differentiable', onlyFloats],
  ['bools', () => grad(sum)(tensor([true])), 'RuntimeError not-differentiable', 'argument 0 is bool'],
  ['integers, vjp', () => vjp(same, integers), 'RuntimeError not-differentiable', onlyFloats],
  ['integers, jvp', () => jvp(same, [integers], [v]), 'RuntimeError not-differentiable', onlyFloats],
  ['integers, jacobian', () => jacobian(same)(integers), 'RuntimeError not-differentiable', onlyFloats],
  ['a string', () => grad(sum)(bad('x')), 'TypeError_ bad-argument', 'argument 0 must be a tensor, a typed array'],
  ['none', () => grad(sum)(), 'ValueError bad-argument', 'argnums has 0, and 0 argument(s) were given'],
  ['a string beside', () => grad(sum)(v, bad('x')), 'TypeError_ bad-argument', 'argument 1 must be a tensor'],
  ['a string, customVjp', () => customVjp(same, (g) => [g])(bad('x')), 'TypeError_ bad-argument', 'argument 0 must be'],
];

export const argnums: readonly Row[] = [
  [
    'beyond',
    () => grad(sum, { argnums: 1 })(v),
    'ValueError bad-argument',
    'argnums has 1, and 1 argument(s) were given',
  ],
  ['beyond, in a list', () => grad(sum, { argnums: [0, 2] })(v), 'ValueError bad-argument', 'argnums has 2'],
  ['negative', () => grad(sum, { argnums: -1 }), 'ValueError bad-argument', 'argnums must be at least 0, not -1'],
  ['a half', () => grad(sum, { argnums: 0.5 }), 'TypeError_ bad-argument', 'argnums must be a whole number, not 0.5'],
  [
    'a string',
    () => grad(sum, bad({ argnums: '0' })),
    'TypeError_ bad-argument',
    "argnums must be a whole number, not '0'",
  ],
  ['null', () => jacobian(sum, bad({ argnums: null })), 'TypeError_ bad-argument', 'a whole number, not null'],
  ['twice the same', () => jacobian(sum, { argnums: [0, 0] }), 'ValueError bad-argument', 'argnums has 0 twice'],
  ['misspelt', () => grad(sum, bad({ argnum: 1 })), 'TypeError_ unexpected-argument', "unknown field 'argnum'"],
  [
    'no object',
    () => grad(sum, bad(1)),
    'TypeError_ bad-argument',
    'the options must be an object with argnums, not 1',
  ],
  ['null options', () => grad(sum, bad(null)), 'TypeError_ bad-argument', 'not null'],
];

export const directions: readonly Row[] = [
  [
    'a seed of another shape',
    () => vjp(same, v)[1]([1]),
    'RuntimeError shape-mismatch',
    'gy has shape [1]; it must have [300]',
  ],
  ['a seed that is text', () => vjp(same, v)[1](bad('1')), 'TypeError_ bad-argument', 'gy must be a tensor'],
  ['no seed', () => vjp(same, v)[1](bad(undefined)), 'TypeError_ bad-argument', 'gy must be a tensor'],
  ['no tangents', () => jvp(same, [v], bad(undefined)), 'TypeError_ bad-argument', 'tangents must be a list'],
  [
    'too few tangents',
    () => jvp(same, [v], []),
    'ValueError bad-argument',
    'one for each of 1 argument(s), and 0 were given',
  ],
  ['too many tangents', () => jvp(same, [v], [v, v]), 'ValueError bad-argument', 'and 2 were given'],
  [
    'a tangent of another shape',
    () => jvp(same, [v], [[1]]),
    'RuntimeError shape-mismatch',
    'tangents[0] has shape [1]',
  ],
  [
    'arguments that are no list',
    () => jvp(same, bad(v), [v]),
    'TypeError_ bad-argument',
    'args must be a list of arguments',
  ],
  ['too few vectors', () => hvp(sum, [v], []), 'ValueError bad-argument', 'vectors must be a list, one for each'],
  [
    'a vector of another shape',
    () => hvp(sum, [v], [zeros(3, 10)]),
    'RuntimeError shape-mismatch',
    'vectors[0] has shape [3, 10]',
  ],
];

/** The gradient of a function whose rule gives this. */
const withRule = (given: unknown) => () =>
  grad(
    customVjp(
      sum,
      bad(() => given),
    ),
  )(v);

export const rules: readonly Row[] = [
  ['a number', withRule(5), 'ValueError bad-argument', 'must give an array of 1 gradients, one an argument, not 5'],
  ['too few', withRule([]), 'ValueError bad-argument', 'an array of 1 gradients, one an argument, not 0'],
  ['too many', withRule([v, v]), 'ValueError bad-argument', 'one an argument, not 2'],
  ['a tensor alone', withRule(v), 'ValueError bad-argument', 'not a tensor of shape [300]'],
  ['numbers', withRule([3]), 'TypeError_ bad-argument', 'gradient 0 of the rule must be a tensor or null, not 3'],
  ['undefined', withRule([undefined]), 'TypeError_ bad-argument', 'must be a tensor or null, not undefined'],
  [
    'another shape',
    withRule([zeros(3)]),
    'RuntimeError shape-mismatch',
    'gradient 0 of the rule has shape [3]; it must have [300]',
  ],
];
