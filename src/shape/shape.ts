/** Shapes: sizes, row-major strides, axes, broadcasting. Pure functions on arrays of whole numbers. */

import { AxisError, type ErrorCode, RuntimeError, TypeError_, ValueError } from '../errors.js';

export type Shape = readonly number[];

/** The most elements a tensor may have (the public contract's limit). */
export const MAX_ELEMENTS: number = 2 ** 31 - 1;

/** Number of elements of a shape; 1 for the shape of a scalar, []. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis] as number;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** `[2, 3]`, as error messages show a shape. */
export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** A whole number given as `name`, or a TypeError_ (not a whole number) or ValueError (below `least`). */
export function wholeNumber(value: unknown, name: string, least: number = Number.NEGATIVE_INFINITY): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new TypeError_('bad-argument', `${name} must be a whole number, not ${show(value)}`);
  }
  if (value < least) throw new ValueError('bad-argument', `${name} must be at least ${least}, not ${value}`);
  return value;
}

/** A short rendering of any value for an error message. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show).join(', ')}${value.length > 8 ? ', ...' : ''}]`;
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) {
    const shape: unknown = 'shape' in value ? value.shape : undefined;
    return Array.isArray(shape)
      ? `a tensor of shape ${showShape(shape)}`
      : `a value of type ${value.constructor?.name ?? 'object'}`;
  }
  return String(value);
}

/**
 * Options checked: an object with fields among `names` and no others.
 *
 * @throws TypeError_ for what is no such object, or has a field of another name
 */
export function checkFields(options: unknown, names: readonly string[], owner: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError_('bad-argument', `${owner} must be an object with ${names.join(', ')}, not ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new TypeError_('unexpected-argument', `unknown field '${name}' in ${owner}; it has ${names.join(', ')}`);
    }
  }
}

/** A shape checked: whole numbers from 0 on, at most 2^31 - 1 elements. */
export function checkShape(shape: unknown, name: string): Shape {
  if (!Array.isArray(shape))
    throw new TypeError_('bad-argument', `${name} must be a list of sizes, not ${show(shape)}`);
  shape.forEach((size, axis) => {
    wholeNumber(size, `${name}[${axis}]`, 0);
  });
  checkSize(shape, 'a tensor');
  return [...shape];
}

/** Refuses a shape of more than 2^31 - 1 elements before anything is allocated for it. */
export function checkSize(shape: Shape, name: string): void {
  const size = sizeOf(shape);
  if (size > MAX_ELEMENTS) {
    throw new RuntimeError(
      'too-large',
      `${name} of shape ${showShape(shape)} would have ${size} elements; a tensor holds at most ${MAX_ELEMENTS} (2^31 - 1)`,
    );
  }
}

/** The axis counted from the front, for one in -rank..rank-1; otherwise an AxisError. */
export function normalizeAxis(axis: unknown, rank: number, name = 'axis'): number {
  const given = wholeNumber(axis, name);
  if (given < -rank || given >= rank) {
    throw new AxisError('axis-out-of-range', `${name} ${given} is out of bounds for an array of rank ${rank}`);
  }
  return given < 0 ? given + rank : given;
}

/** The axes of a list, each once, in rising order. */
export function normalizeAxes(axes: readonly unknown[], rank: number, name = 'axis'): number[] {
  if (!Array.isArray(axes)) {
    throw new TypeError_('bad-argument', `${name} must be a whole number or a list of them, not ${show(axes)}`);
  }
  const normal = axes.map((axis) => normalizeAxis(axis, rank, name));
  normal.forEach((axis, i) => {
    if (normal.indexOf(axis) !== i) throw new ValueError('bad-argument', `${name} ${axis} is given twice`);
  });
  return normal.sort((a, b) => a - b);
}

/**
 * The shape two shapes broadcast to, by the rule that all frameworks share: aligned at the last axis, sizes equal or 1.
 * Returns null where they don't.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return null;
    shape[axis] = m === 1 ? n : m;
  }
  return shape;
}

/** As broadcastShapes, but an error of the given class where the shapes don't fit. */
export function broadcast(a: Shape, b: Shape, code: ErrorCode = 'shape-mismatch'): Shape {
  const shape = broadcastShapes(a, b);
  if (shape === null) {
    throw new RuntimeError(
      code,
      `shapes ${showShape(a)} and ${showShape(b)} don't broadcast: sizes must be equal or 1, counted from the last axis`,
    );
  }
  return shape;
}
