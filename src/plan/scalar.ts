/**
 * What each elementwise primitive does to the lanes of vectors, bit for bit as its reference does it. Truth values are
 * masks, beside lanes of the size they came from; bytes are int32 lanes of 0 to 255.
 */

import {
  abs,
  add,
  and,
  ceil,
  compare,
  constant,
  convert,
  divide,
  type FunctionBuilder,
  floor,
  maximum,
  minimum,
  multiply,
  nearest,
  negate,
  not,
  or,
  remainder,
  select,
  sqrt,
  subtract,
  truncate,
  xor,
} from '../kernel/build.js';
import { kernelMath } from '../kernel/math.js';
import { type CompareOp, type Expr, type Lane, laneBytes } from '../kernel/program.js';
import { type DType, dtypes } from '../shape/dtype.js';

/** The lanes that elements of a dtype are computed in; truth values may be m64, beside lanes of 64 bits. */
export const computeLane: { readonly [D in DType]: Lane } = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  int64: 'i64',
  uint8: 'i32',
  bool: 'm32',
};

const isMask = ({ type }: Expr): boolean => type.lane === 'm32' || type.lane === 'm64';

/** 1 and 0 for true and false. */
const fromMask = (mask: Expr, lane: Lane): Expr => {
  const type = { lane, width: mask.type.width };
  return select(besideLane(mask, lane), constant(type, 1), constant(type, 0));
};

/** A mask beside lanes of another size, by way of numbers. */
function besideLane(mask: Expr, lane: Lane): Expr {
  if (laneBytes[mask.type.lane] === laneBytes[lane]) return mask;
  const wide = laneBytes[lane] === 8;
  return compare('NE', convert(fromMask(mask, wide ? 'i32' : 'i64'), wide ? 'i64' : 'i32'), 0);
}

/** Masks beside lanes of one size. */
const alike = (masks: readonly Expr[]): Expr[] => {
  const lane = masks.every(({ type }) => type.lane === 'm64') ? 'i64' : 'i32';
  return masks.map((mask) => besideLane(mask, lane));
};

/** A float as JavaScript stores it among integers of so many bits: cut off, then modulo 2^bits; NaN and infinity 0. */
function floatToInteger(x: Expr, bits: 32 | 64): Expr {
  const range = 2 ** bits;
  const whole = truncate(x);
  // These steps are exact: the remainder has the sign of x and a magnitude below 2^bits, or is NaN.
  const rest = subtract(whole, multiply(truncate(multiply(whole, 1 / range)), range));
  const low = select(compare('GE', rest, range / 2), subtract(rest, range), rest);
  const inRange = select(compare('LT', low, -range / 2), add(low, range), low);
  return convert(inRange, bits === 64 ? 'i64' : 'i32');
}

/** A number as another dtype than bool. */
function convertNumber(x: Expr, dtype: DType): Expr {
  const from = x.type.lane;
  if (from === 'f32' || from === 'f64') {
    if (dtypes[dtype].kind === 'float') return convert(x, computeLane[dtype]);
    const integer = floatToInteger(x, dtype === 'int64' ? 64 : 32);
    return dtype === 'uint8' ? and(integer, 255) : integer;
  }
  // JavaScript makes a float64 of a BigInt first.
  if (from === 'i64' && dtype === 'float32') return convert(convert(x, 'f64'), 'f32');
  const number = convert(x, computeLane[dtype]);
  return dtype === 'uint8' ? and(number, 255) : number;
}

/** The primitive convert. */
export function toDType(x: Expr, dtype: DType): Expr {
  if (isMask(x)) return dtype === 'bool' ? x : fromMask(x, computeLane[dtype]);
  return dtype === 'bool' ? compare('NE', x, 0) : convertNumber(x, dtype);
}

/** Of truth values, false is less than true. */
const maskTests: { readonly [O in CompareOp]: (a: Expr, b: Expr) => Expr } = {
  EQ: (a, b) => not(xor(a, b)),
  NE: xor,
  LT: (a, b) => and(not(a), b),
  LE: (a, b) => or(not(a), b),
  GT: (a, b) => and(a, not(b)),
  GE: (a, b) => or(a, not(b)),
};

/** The primitive compare. */
export function compareValues(direction: CompareOp, a: Expr, b: Expr): Expr {
  if (!isMask(a)) return compare(direction, a, b);
  const [left, right] = alike([a, b]) as [Expr, Expr];
  return maskTests[direction](left, right);
}

/** The elementwise primitives without parameters. */
export type PlainOp =
  | 'negate'
  | 'abs'
  | 'sign'
  | 'exponential'
  | 'exponential_minus_one'
  | 'log'
  | 'log_plus_one'
  | 'sqrt'
  | 'rsqrt'
  | 'tanh'
  | 'logistic'
  | 'sine'
  | 'cosine'
  | 'erf'
  | 'floor'
  | 'ceil'
  | 'round_nearest_even'
  | 'is_finite'
  | 'not'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'remainder'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'and'
  | 'or'
  | 'select';

/** Of up to three operands; what is used more than once may be kept in a variable. */
type Compute = (a: Expr, b: Expr, c: Expr, f: FunctionBuilder) => Expr;

/** A primitive by the kind of its last operand; where a kind is missing, the reference serves. */
interface Rule {
  readonly float?: Compute;
  readonly integer?: Compute;
  /** Of masks beside lanes of one size. */
  readonly bool?: Compute;
  /** Integers of this have no vector instruction. */
  readonly scalar?: true;
}

const same: Compute = (a) => a;

const sign: Compute = (a) => {
  const below = select(compare('LT', a, 0), constant(a.type, -1), a);
  return select(compare('GT', a, 0), constant(a.type, 1), below);
};

const finite: Compute = (a) => compare('LT', abs(a), Number.POSITIVE_INFINITY);
const always: Compute = (a) => compare('EQ', a, a);

const choose: Compute = (mask, a, b) => select(besideLane(mask, a.type.lane), a, b);
const chooseMask: Compute = (mask, a, b) => or(and(mask, a), and(not(mask), b));

/** The formulas that the references use too. */
const fromTable =
  (name: keyof typeof kernelMath): Compute =>
  (a, _b, _c, f) =>
    kernelMath[name](f, a);

const rules: { readonly [O in PlainOp]: Rule } = {
  negate: { float: negate, integer: negate },
  abs: { float: abs, integer: abs, bool: same },
  sign: { float: sign, integer: sign, bool: same },
  exponential: { float: fromTable('exponential') },
  exponential_minus_one: { float: fromTable('exponential_minus_one') },
  log: { float: fromTable('log') },
  log_plus_one: { float: fromTable('log_plus_one') },
  sqrt: { float: sqrt },
  rsqrt: { float: (a) => divide(1, sqrt(a)) },
  tanh: { float: fromTable('tanh') },
  logistic: { float: fromTable('logistic') },
  // Sines of large angles, and powers, JavaScript computes in its own way.
  sine: {},
  cosine: {},
  erf: { float: fromTable('erf') },
  floor: { float: floor, integer: same, bool: same },
  ceil: { float: ceil, integer: same, bool: same },
  round_nearest_even: { float: nearest, integer: same, bool: same },
  is_finite: { float: finite, integer: always, bool: (a) => or(a, not(a)) },
  not: { integer: (a) => xor(a, -1), bool: not },
  add: { float: add, integer: add, bool: or },
  subtract: { float: subtract, integer: subtract },
  multiply: { float: multiply, integer: multiply, bool: and },
  divide: { float: divide, integer: divide, bool: and, scalar: true },
  // Of floats it is a long division, of any number of steps.
  remainder: { integer: remainder, bool: (a) => xor(a, a), scalar: true },
  power: {},
  maximum: { float: maximum, integer: maximum, bool: or },
  minimum: { float: minimum, integer: minimum, bool: and },
  and: { integer: and, bool: and },
  or: { integer: or, bool: or },
  select: { float: choose, integer: choose, bool: chooseMask },
};

/** Whether a primitive, by its name, takes many instructions: nothing is gained from several vectors in one turn. */
export const isLong = (op: string): boolean => Object.hasOwn(kernelMath, op);

/** `float`, `integer` or `bool`, by which primitives differ. */
const kindOf = (dtype: DType): 'float' | 'integer' | 'bool' => {
  const { kind } = dtypes[dtype];
  return kind === 'signed' || kind === 'unsigned' ? 'integer' : kind;
};

/** Whether a primitive is computed for operands of a dtype (of its last one), and in vectors. */
export function support(op: PlainOp, from: DType): 'none' | 'scalar' | 'vector' {
  const rule = rules[op];
  const kind = kindOf(from);
  if (rule[kind] === undefined) return 'none';
  return kind === 'integer' && rule.scalar ? 'scalar' : 'vector';
}

/** A primitive of values of a dtype (select: its last two). */
export function applyRule(f: FunctionBuilder, op: PlainOp, values: readonly Expr[], from: DType): Expr {
  const rule = rules[op];
  const operands = from === 'bool' ? alike(values) : values;
  const [a, b, c] = operands;
  const compute = rule[kindOf(from)];
  if (compute === undefined || a === undefined) throw new RangeError(`no kernel for ${op} of ${from}`);
  const value = compute(a, b ?? a, c ?? a, f);
  return from === 'uint8' && value.type.lane === 'i32' ? and(value, 255) : value;
}
