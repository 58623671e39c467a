/** The six element types, how they are stored, and what kind of number they are. */

export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool';

export type TypedArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Storage of a dtype; bool is a byte of 0 or 1. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

interface DTypeInfo {
  readonly bytes: number;
  readonly kind: 'float' | 'signed' | 'unsigned' | 'bool';
}

export const dtypes: { readonly [D in DType]: DTypeInfo } = {
  float32: { bytes: 4, kind: 'float' },
  float64: { bytes: 8, kind: 'float' },
  int32: { bytes: 4, kind: 'signed' },
  int64: { bytes: 8, kind: 'signed' },
  uint8: { bytes: 1, kind: 'unsigned' },
  bool: { bytes: 1, kind: 'bool' },
};

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

export const isDType = (value: unknown): value is DType => typeof value === 'string' && Object.hasOwn(dtypes, value);

type Make = { readonly [D in DType]: (length: number) => ArrayOf[D] };
type View = { readonly [D in DType]: (buffer: ArrayBufferLike, offset: number, length: number) => ArrayOf[D] };

/** A fresh array of zeros that the JavaScript engine owns. */
export const makeArray: Make = {
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint8: (length) => new Uint8Array(length),
  bool: (length) => new Uint8Array(length),
};

/** A view of `length` elements at byte `offset` of a buffer. */
export const viewArray: View = {
  float32: (buffer, offset, length) => new Float32Array(buffer, offset, length),
  float64: (buffer, offset, length) => new Float64Array(buffer, offset, length),
  int32: (buffer, offset, length) => new Int32Array(buffer, offset, length),
  int64: (buffer, offset, length) => new BigInt64Array(buffer, offset, length),
  uint8: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  bool: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
};
