/** What is known of dtypes: their limits, and what becomes of two. */

import { TypeError_ } from '../errors.js';
import { dtypes, isFloat, type DType as Name } from '../shape/dtype.js';
import { promoteTorch, type Strength } from '../shape/promotion.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { inspectByRepr } from '../text/python.js';
import { isWhole, tensorArgument, wrongType } from './arguments.js';
import { defaultFloat, useDefaultFloat } from './default.js';
import { type DType, dtypeArgument, dtypeOf } from './dtype.js';
import { reader } from './row.js';

/** torch.get_default_dtype: the dtype of plain numbers, and of what integers become. */
export const get_default_dtype = (): DType => dtypeOf[defaultFloat()];

const readDefault = reader('set_default_dtype', 'd');

/**
 * torch.set_default_dtype: the dtype of plain numbers from now on.
 *
 * @throws TypeError_ for what is no floating dtype
 * @example
 * torch.set_default_dtype(torch.float64);
 * torch.tensor([1]).dtype; // torch.float64
 * torch.set_default_dtype('float32');
 */
export function set_default_dtype(d: DType | string | { readonly d: DType | string }): void;
export function set_default_dtype(...args: unknown[]): void {
  const name = dtypeArgument(readDefault(args)[0], 'set_default_dtype');
  if (name !== 'float32' && name !== 'float64') {
    throw new TypeError_('dtype-mismatch', 'only floating-point types are supported as the default type');
  }
  useDefaultFloat(name);
}

/** A number as C++ streams it: six digits. */
function short(x: number): string {
  if (Math.abs(x) < 1e6 && (x === 0 || Math.abs(x) >= 1e-4)) return String(Number(x.toPrecision(6)));
  const [digits = '', exponent = '+0'] = x.toExponential(5).split('e');
  return `${digits.replace(/\.?0+$/, '')}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

const floats = {
  float32: { resolution: 1e-6, max: 3.4028234663852886e38, eps: 2 ** -23, tiny: 2 ** -126 },
  float64: { resolution: 1e-15, max: Number.MAX_VALUE, eps: 2 ** -52, tiny: 2 ** -1022 },
};

/** What torch.finfo tells. */
export class FloatInfo {
  static {
    inspectByRepr(FloatInfo.prototype);
  }

  readonly bits: number;
  readonly resolution: number;
  readonly min: number;
  readonly max: number;
  readonly eps: number;
  readonly smallest_normal: number;
  readonly tiny: number;
  readonly dtype: string;

  constructor(name: 'float32' | 'float64') {
    const { resolution, max, eps, tiny } = floats[name];
    this.bits = 8 * dtypes[name].bytes;
    this.resolution = resolution;
    [this.min, this.max, this.eps] = [-max, max, eps];
    [this.smallest_normal, this.tiny] = [tiny, tiny];
    this.dtype = name;
  }

  __repr__(): string {
    const { resolution, min, max, eps, smallest_normal, tiny } = this;
    const values = Object.entries({ resolution, min, max, eps, smallest_normal, tiny });
    return `finfo(${values.map(([key, value]) => `${key}=${short(value)}`).join(', ')}, dtype=${this.dtype})`;
  }
}

/** What torch.iinfo tells. */
export class IntInfo {
  static {
    inspectByRepr(IntInfo.prototype);
  }

  readonly bits: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
  readonly dtype: string;

  constructor(name: 'int32' | 'int64' | 'uint8') {
    this.bits = 8 * dtypes[name].bytes;
    const digits = BigInt(this.bits - Number(dtypes[name].kind === 'signed'));
    const [min, max] = [dtypes[name].kind === 'signed' ? -(2n ** digits) : 0n, 2n ** digits - 1n];
    [this.min, this.max] = this.bits === 64 ? [min, max] : [Number(min), Number(max)];
    this.dtype = name;
  }

  __repr__(): string {
    return `iinfo(min=${short(Number(this.min))}, max=${short(Number(this.max))}, dtype=${this.dtype})`;
  }
}

const readFinfo = reader('finfo', 'type?');
const readIinfo = reader('iinfo', 'type');

/**
 * torch.finfo: the limits of a floating dtype, by default of the default one.
 *
 * @throws TypeError_ for another dtype
 * @example torch.finfo(torch.float32).eps // 1.1920928955078125e-07
 */
export function finfo(type?: DType | string): FloatInfo;
export function finfo(...args: unknown[]): FloatInfo {
  const [type] = readFinfo(args);
  const name = type === undefined ? defaultFloat() : dtypeArgument(type, 'finfo');
  if (name === 'float32' || name === 'float64') return new FloatInfo(name);
  const message = "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'";
  throw new TypeError_('dtype-mismatch', message);
}

/**
 * torch.iinfo: the limits of an integer dtype; those of int64 as bigints.
 *
 * @throws TypeError_ for another dtype
 * @example torch.iinfo(torch.uint8).max // 255
 */
export function iinfo(type: DType | string): IntInfo;
export function iinfo(...args: unknown[]): IntInfo {
  const name = dtypeArgument(readIinfo(args)[0], 'iinfo');
  if (name === 'int32' || name === 'int64' || name === 'uint8') return new IntInfo(name);
  const message =
    name === 'bool'
      ? 'torch.bool is not supported by torch.iinfo'
      : "torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'";
  throw new TypeError_('dtype-mismatch', message);
}

const readTypes = reader('promote_types', 'type1 type2');

/** torch.promote_types: the dtype of what is made of two dtypes. */
export function promote_types(type1: DType | string, type2: DType | string): DType;
export function promote_types(options: { readonly type1: DType | string; readonly type2: DType | string }): DType;
export function promote_types(...args: unknown[]): DType {
  const [a, b] = readTypes(args).map((type) => dtypeArgument(type, 'promote_types'));
  return dtypeOf[promoteTorch(a as Name, b as Name)];
}

/** The dtype and the say of an operand. */
function strength(value: unknown): readonly [Name, Strength] {
  if (isForeign(value)) return [value.toCore().dtype, value.toCore().shape.length === 0 ? 'scalar' : 'array'];
  if (typeof value === 'boolean') return ['bool', 'number'];
  if (typeof value !== 'number') throw wrongType('result_type', 'tensor', 'Tensor or Number', value);
  return [isWhole(value) ? 'int64' : defaultFloat(), 'number'];
}

const readResult = reader('result_type', 'tensor1 tensor2');

/** torch.result_type: the dtype of what is made of two tensors or numbers; whole numbers count as integers. */
export function result_type(tensor1: Foreign | number | boolean, tensor2: Foreign | number | boolean): DType;
export function result_type(...args: unknown[]): DType {
  const [[a, first], [b, second]] = readResult(args).map(strength) as [[Name, Strength], [Name, Strength]];
  return dtypeOf[promoteTorch(a, b, first, second, defaultFloat())];
}

const readCast = reader('can_cast', 'from_ to');

const category = { bool: 0, unsigned: 1, signed: 1, float: 2 };

/** torch.can_cast: whether PyTorch's rules let one dtype be stored as another: never to a lower category. */
export function can_cast(from_: DType | string, to: DType | string): boolean;
export function can_cast(...args: unknown[]): boolean {
  const [from, to] = readCast(args).map((type) => dtypeArgument(type, 'can_cast')) as [Name, Name];
  return category[dtypes[from].kind] <= category[dtypes[to].kind];
}

const readFloating = reader('is_floating_point', 'input');

/** torch.is_floating_point: whether a tensor's dtype is. */
export function is_floating_point(input: Foreign): boolean;
export function is_floating_point(...args: unknown[]): boolean {
  return isFloat(tensorArgument(readFloating(args)[0], 'is_floating_point', 'input').dtype);
}

const readNumel = reader('numel', 'input');

/** torch.numel: the number of elements of a tensor. */
export function numel(input: Foreign): number;
export function numel(...args: unknown[]): number {
  return tensorArgument(readNumel(args)[0], 'numel', 'input').size;
}
