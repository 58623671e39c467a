/**
 * Tensors, variables, shapes and dtypes as TensorFlow 2.21 prints them. The digits are NumPy's, and so are the print
 * options: `np.set_printoptions` rules TensorFlow too.
 */

import { type DType, isFloat } from '../shape/dtype.js';
import { shortest } from './digits.js';
import { arrayRepr, arrayStr, defaults, type PrintOptions } from './numpy.js';
import { tuple } from './python.js';
import { at, plain, type Values } from './values.js';

/** Text of more than one line starts on a line of its own. */
const onOwnLines = (text: string): string => (text.includes('\n') ? `\n${text}` : text);

/** "numpy=..." of a repr. A scalar becomes Python's number first: a float32 shows its digits as a double. */
function numpyText(values: Values, options: PrintOptions): string {
  const { shape, dtype } = values;
  if (shape.length > 0) return `numpy=${onOwnLines(arrayRepr(values, options))}`;
  const x = at(values, 0);
  return `numpy=${isFloat(dtype) ? shortest(Number(x), 'float64', 1e16) : plain(x, dtype)}`;
}

/** `str(tensor)`, which `print` shows: "tf.Tensor([1. 2.], shape=(2,), dtype=float32)". */
export function tensorStr(values: Values, options: PrintOptions = defaults): string {
  const { shape, dtype } = values;
  return `tf.Tensor(${onOwnLines(arrayStr(values, options))}, shape=${tuple(shape)}, dtype=${dtype})`;
}

/** `repr(tensor)`: "<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>". */
export function tensorRepr(values: Values, options: PrintOptions = defaults): string {
  return `<tf.Tensor: shape=${tuple(values.shape)}, dtype=${values.dtype}, ${numpyText(values, options)}>`;
}

/** `str` and `repr` of a variable: "<tf.Variable 'w:0' shape=() dtype=float32, numpy=1.0>"; `name` without the ":0". */
export function variableRepr(values: Values, name: string, options: PrintOptions = defaults): string {
  const head = `<tf.Variable '${name}:0' shape=${tuple(values.shape)}`;
  return `${head} dtype=${values.dtype}, ${numpyText(values, options)}>`;
}

/** `str(TensorShape)`: "(2, 3)". */
export const shapeStr = (shape: readonly number[]): string => tuple(shape);

/** `repr(TensorShape)`: "TensorShape([2, 3])". */
export const shapeRepr = (shape: readonly number[]): string => `TensorShape([${shape.join(', ')}])`;

/** `str(DType)`: "<dtype: 'float32'>". */
export const dtypeStr = (dtype: DType): string => `<dtype: '${dtype}'>`;

/** `repr(DType)`: "tf.float32". */
export const dtypeRepr = (dtype: DType): string => `tf.${dtype}`;
