/** torch.dtype and torch.Size: values that know how they look. */

import { signature } from '../door/signature.js';
import { RuntimeError } from '../errors.js';
import { dtypes, isDType, type DType as Name } from '../shape/dtype.js';
import { show } from '../shape/shape.js';
import { inspectByRepr } from '../text/python.js';
import { dtypeText, sizeText } from '../text/torch.js';
import { wrongType } from './arguments.js';

/** torch.dtype: `torch.float32` and so on; wherever one is taken, its name will do. */
export class DType {
  static {
    inspectByRepr(DType.prototype);
  }

  readonly name: Name;
  readonly is_floating_point: boolean;
  readonly is_signed: boolean;
  readonly is_complex: boolean = false;
  readonly itemsize: number;

  constructor(name: Name) {
    this.name = name;
    this.is_floating_point = dtypes[name].kind === 'float';
    this.is_signed = dtypes[name].kind === 'float' || dtypes[name].kind === 'signed';
    this.itemsize = dtypes[name].bytes;
  }

  toString(): string {
    return dtypeText(this.name);
  }

  __repr__(): string {
    return this.toString();
  }
}

/** Each dtype once, so that `x.dtype === torch.float32`. */
export const dtypeOf: { readonly [D in Name]: DType } = {
  float32: new DType('float32'),
  float64: new DType('float64'),
  int32: new DType('int32'),
  int64: new DType('int64'),
  uint8: new DType('uint8'),
  bool: new DType('bool'),
};

const aliases: { readonly [name: string]: Name } = { float: 'float32', double: 'float64', int: 'int32', long: 'int64' };

/** What a text names, with or without "torch." before it. */
function named(text: string): Name | null {
  const plain = text.replace(/^torch\./, '');
  const known = Object.hasOwn(aliases, plain) ? aliases[plain] : plain;
  return isDType(known) ? known : null;
}

export const isDTypeName = (text: string): boolean => named(text) !== null;

/** A dtype argument: a torch.dtype or a name of one. */
export function dtypeArgument(value: unknown, call: string): Name {
  const name = value instanceof DType ? value.name : typeof value === 'string' ? named(value) : null;
  if (name !== null) return name;
  const known = Object.keys(dtypes).map((dtype) => `torch.${dtype}`);
  throw wrongType(call, 'dtype', 'torch.dtype', value, `there are ${known.join(', ')}`);
}

/** A device: the CPU, which is all there is. */
export class Device {
  static {
    inspectByRepr(Device.prototype);
  }

  readonly type = 'cpu';
  readonly index: number | null;

  constructor(index: number | null) {
    this.index = index;
  }

  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  __str__(): string {
    return this.toString();
  }

  __repr__(): string {
    return `device(type='${this.type}'${this.index === null ? '' : `, index=${this.index}`})`;
  }
}

/** Where all tensors are. */
export const cpu: Device = new Device(null);

const readDevice = signature('device', 'type index?~');

/**
 * torch.device: 'cpu', or 'cpu:0'.
 *
 * @throws RuntimeError for another one
 * @example torch.device('cpu') // device(type='cpu')
 */
export function device(type: string | Device, index?: number | null): Device;
export function device(options: { readonly type: string; readonly index?: number | null }): Device;
export function device(...args: unknown[]): Device {
  const [type, index] = readDevice(args);
  checkDevice(type, 'device');
  if (type instanceof Device) return type;
  const at = index ?? (String(type).endsWith(':0') ? 0 : null);
  if (at !== null && at !== 0) throw new RuntimeError('bad-argument', `there is no device 'cpu:${show(at)}'`);
  return new Device(at);
}

/** A device argument: all that there is is the CPU. */
export function checkDevice(value: unknown, call: string): void {
  if (value === undefined || value === null || value instanceof Device) return;
  if (typeof value !== 'string') throw wrongType(call, 'device', 'torch.device', value);
  if (!/^cpu(:0)?$/.test(value)) {
    throw new RuntimeError('bad-argument', `${call}(): there is no device '${value}'; all tensors are on the 'cpu'`);
  }
}

/** torch.Size: a shape, an array that prints as PyTorch prints it. */
export class Size extends Array<number> {
  static {
    inspectByRepr(Size.prototype);
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** torch.Size([2, 3]); or, as arrays are made, the sizes themselves. */
  constructor(...sizes: number[] | [sizes: readonly number[]]) {
    const [first] = sizes;
    if (typeof first === 'object') {
      super();
      this.push(...first);
    } else super(...(sizes as number[]));
  }

  /** Number of elements of a tensor of this shape. */
  numel(): number {
    return this.reduce((size, length) => size * length, 1);
  }

  override toString(): string {
    return sizeText(this);
  }

  __repr__(): string {
    return this.toString();
  }
}
