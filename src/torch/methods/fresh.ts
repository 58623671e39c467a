/** Methods: new tensors of this one's dtype, what is known of it, and its elements along the first dimension. */

import { TypeError_, ValueError } from '../../errors.js';
import { dtypes } from '../../shape/dtype.js';
import type { Foreign } from '../../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../../tensor/tensor.js';
import { scalarName, tensorArgument } from '../arguments.js';
import type { DTypeLike } from '../calls.js';
import type { Sized, TensorOptions } from '../create.js';
import type { Data } from '../data.js';
import { cpu, type Device } from '../dtype.js';
import { reader } from '../row.js';
import { freshes } from '../rows/fresh.js';
import { parts } from '../rows/parts.js';
import type { Tensor } from '../tensor.js';
import { ArrangementMethods } from './arrangement.js';
import { install } from './root.js';

type Fill = number | boolean | Foreign;

interface NewFull {
  (size: readonly number[], fill_value: Fill, options?: TensorOptions): Tensor;
  (options: TensorOptions & { readonly size: readonly number[]; readonly fill_value: Fill }): Tensor;
}

type Owned = 'new_zeros' | 'new_ones' | 'new_empty' | 'new_full' | 'new_tensor';

const readType = reader('type', 'dtype?~');
const readOther = reader('type_as', 'other');

export abstract class FreshMethods extends ArrangementMethods {
  static {
    install<Owned>(FreshMethods.prototype, freshes);
  }

  /** Zeros of this dtype. */
  declare readonly new_zeros: Sized<TensorOptions>;

  /** Ones of this dtype. */
  declare readonly new_ones: Sized<TensorOptions>;

  /** As new_zeros: what PyTorch leaves as it finds it is 0 here. */
  declare readonly new_empty: Sized<TensorOptions>;

  /** One repeated value of this dtype. */
  declare readonly new_full: NewFull;

  /** A tensor of the data, of this dtype. */
  declare readonly new_tensor: (data: Data, options?: TensorOptions) => Tensor;

  abstract toCore(): CoreTensor;
  abstract readonly borrowed: CoreTensor;
  abstract to(dtype: DTypeLike): Tensor;

  /** Where this is: on the CPU. */
  get device(): Device {
    return cpu;
  }

  /** Bytes of an element. */
  element_size(): number {
    return dtypes[this.toCore().dtype].bytes;
  }

  /** Bytes of an element. */
  get itemsize(): number {
    return this.element_size();
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.element_size() * this.toCore().size;
  }

  is_floating_point(): boolean {
    return dtypes[this.toCore().dtype].kind === 'float';
  }

  is_complex(): boolean {
    return false;
  }

  is_signed(): boolean {
    return this.is_floating_point() || dtypes[this.toCore().dtype].kind === 'signed';
  }

  /**
   * The name of PyTorch's old type, such as 'torch.FloatTensor'; with a dtype (or such a name), this converted to it.
   *
   * @throws ValueError for a name that there isn't
   */
  type(): string;
  type(dtype: DTypeLike | { readonly dtype: DTypeLike }): Tensor;
  type(...args: unknown[]): string | Tensor {
    const [dtype] = readType(args);
    if (dtype === undefined || dtype === null) return `torch.${scalarName[this.toCore().dtype]}Tensor`;
    if (typeof dtype !== 'string') return Reflect.apply(this.to, this, [dtype]);
    const found = Object.entries(scalarName).find(([, name]) => dtype === `torch.${name}Tensor`);
    if (found === undefined) throw new ValueError('bad-argument', `invalid type: '${dtype}'`);
    return this.to(found[0]);
  }

  /** Converted to another tensor's dtype. */
  type_as(other: Foreign | { readonly other: Foreign }): Tensor;
  type_as(...args: unknown[]): Tensor {
    return this.to(tensorArgument(readOther(args)[0], 'type_as', 'other').dtype);
  }

  /** Python's len: the size of the first dimension. */
  __len__(): number {
    const [length] = this.toCore().shape;
    if (length === undefined) throw new TypeError_('rank-mismatch', 'len() of a 0-d tensor');
    return length;
  }

  /** Views of each index along the first dimension. */
  *[Symbol.iterator](): Generator<Tensor> {
    const [length] = this.toCore().shape;
    if (length === undefined) throw new TypeError_('rank-mismatch', 'iteration over a 0-d tensor');
    for (let i = 0; i < length; i++)
      yield this.invoke({ ...parts.select, gradFn: 'UnbindBackward0' }, [this, 0, i]) as Tensor;
  }
}
