/** Python's operators on NumPy's arrays, by PyTorch's names: `x + y` is x.add(y), and `x += y` x.add_(y). */

import { TypeError_, ValueError } from '../errors.js';
import { type BinaryName, broadcastTo } from '../ops/composite.js';
import { type DType, dtypes } from '../shape/dtype.js';
import { sameShape } from '../shape/shape.js';
import type { Foreign } from '../tensor/foreign.js';
import { op, type Tensor } from '../tensor/tensor.js';
import { type ArrayInput, showTuple, toTensor } from './input.js';
import { matmul } from './products.js';
import * as ufunc from './ufunc.js';
import { binary, compare } from './ufunc.js';

const kindOrder = { bool: 0, unsigned: 1, signed: 2, float: 3 } as const;

/** NumPy's casting rule 'same_kind': not to a lower kind of number. */
export const isSameKind = (from: DType, to: DType): boolean =>
  kindOrder[dtypes[from].kind] <= kindOrder[dtypes[to].kind];

/** What has NumPy's operators; A is the class of their results. */
export abstract class Operators<A extends Foreign> implements Foreign {
  abstract toCore(): Tensor;
  abstract fromCore(value: Tensor): A;

  /** A value as an array, or a scalar. */
  protected abstract give(value: Tensor): A;

  /** Other elements for all of this array's: of its shape and dtype. */
  protected abstract assign(value: Tensor): A;

  /** The result of `x op= other`, where the array's dtype and shape can take it. */
  #inPlace(ufunc: string, value: Tensor): A {
    const { shape, dtype } = this.toCore();
    if (!isSameKind(value.dtype, dtype)) {
      throw new TypeError_(
        'dtype-mismatch',
        `Cannot cast ufunc '${ufunc}' output from dtype('${value.dtype}') to dtype('${dtype}') with casting rule 'same_kind'`,
      );
    }
    if (!sameShape(value.shape, shape)) {
      throw new ValueError(
        'shape-mismatch',
        `non-broadcastable output operand with shape ${showTuple(shape)} doesn't match the broadcast shape ${showTuple(value.shape)}`,
      );
    }
    return this.assign(op.convert(broadcastTo(op, value, shape), dtype));
  }

  #arithmetic(name: BinaryName, other: ArrayInput): A {
    return this.give(binary(name, this, other));
  }

  #reflected(name: BinaryName, other: ArrayInput): A {
    return this.give(binary(name, other, this));
  }

  /** `x + other`. */
  add(other: ArrayInput): A {
    return this.#arithmetic('add', other);
  }

  /** `x - other`. */
  sub(other: ArrayInput): A {
    return this.#arithmetic('subtract', other);
  }

  /** `x * other`. */
  mul(other: ArrayInput): A {
    return this.#arithmetic('multiply', other);
  }

  /** `x / other`; of integers, float64. */
  div(other: ArrayInput): A {
    return this.#arithmetic('divide', other);
  }

  /** `x ** other`. */
  pow(other: ArrayInput): A {
    return this.#arithmetic('power', other);
  }

  /** `x // other`. */
  floor_divide(other: ArrayInput): A {
    return this.give(ufunc.floorDivide(this, other));
  }

  /** `x % other`. */
  remainder(other: ArrayInput): A {
    return this.give(ufunc.remainder(this, other));
  }

  /** `other - x`. */
  rsub(other: ArrayInput): A {
    return this.#reflected('subtract', other);
  }

  /** `other / x`. */
  rdiv(other: ArrayInput): A {
    return this.#reflected('divide', other);
  }

  /** `other ** x`. */
  rpow(other: ArrayInput): A {
    return this.#reflected('power', other);
  }

  /** `-x`. */
  neg(): A {
    return this.give(ufunc.negative(this));
  }

  /** `abs(x)`. */
  abs(): A {
    return this.give(op.abs(this.toCore()));
  }

  /** `~x`, of integers or truth values. */
  bitwise_not(): A {
    return this.give(ufunc.invert(this));
  }

  /** `x & other`. */
  bitwise_and(other: ArrayInput): A {
    return this.give(ufunc.bitwise('and', this, other));
  }

  /** `x | other`. */
  bitwise_or(other: ArrayInput): A {
    return this.give(ufunc.bitwise('or', this, other));
  }

  /** `x ^ other`. */
  bitwise_xor(other: ArrayInput): A {
    return this.give(ufunc.bitwise('xor', this, other));
  }

  /** `x @ other`. */
  matmul(other: ArrayInput): A {
    return this.give(matmul(this, other));
  }

  /** `other @ x`. */
  rmatmul(other: ArrayInput): A {
    return this.give(matmul(other, this));
  }

  /** `x == other`, element by element. */
  eq(other: ArrayInput): A {
    return this.give(compare('EQ', this, other));
  }

  /** `x != other`. */
  ne(other: ArrayInput): A {
    return this.give(compare('NE', this, other));
  }

  /** `x < other`. */
  lt(other: ArrayInput): A {
    return this.give(compare('LT', this, other));
  }

  /** `x <= other`. */
  le(other: ArrayInput): A {
    return this.give(compare('LE', this, other));
  }

  /** `x > other`. */
  gt(other: ArrayInput): A {
    return this.give(compare('GT', this, other));
  }

  /** `x >= other`. */
  ge(other: ArrayInput): A {
    return this.give(compare('GE', this, other));
  }

  /** `x += other`. In-place operators throw TypeError_ where the dtype, and ValueError where the shape would change. */
  add_(other: ArrayInput): A {
    return this.#inPlace('add', binary('add', this, other));
  }

  /** `x -= other`. */
  sub_(other: ArrayInput): A {
    return this.#inPlace('subtract', binary('subtract', this, other));
  }

  /** `x *= other`. */
  mul_(other: ArrayInput): A {
    return this.#inPlace('multiply', binary('multiply', this, other));
  }

  /** `x /= other`. */
  div_(other: ArrayInput): A {
    return this.#inPlace('divide', binary('divide', this, other));
  }

  /** `x **= other`. */
  pow_(other: ArrayInput): A {
    return this.#inPlace('power', binary('power', this, other));
  }

  /** `x //= other`. */
  floor_divide_(other: ArrayInput): A {
    return this.#inPlace('floor_divide', ufunc.floorDivide(this, other));
  }

  /** `x %= other`. */
  remainder_(other: ArrayInput): A {
    return this.#inPlace('remainder', ufunc.remainder(this, other));
  }

  /** Sets all elements to one value. */
  fill(value: ArrayInput): void {
    const { shape, dtype } = this.toCore();
    this.assign(broadcastTo(op, toTensor(value, dtype), shape));
  }
}
