/** Axes, shapes and whole numbers as NumPy's functions take them, with its errors in its words. */

import { AxisError, TypeError_, ValueError } from '../errors.js';
import { checkSize, type Shape, show, sizeOf } from '../shape/shape.js';
import { showTuple } from './input.js';

/** One axis, several, or (null) all. */
export type Axes = number | readonly number[] | null;

/** One size, or one an axis. */
export type ShapeInput = number | readonly number[];

/** A whole number. */
export function integer(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const type = typeof value === 'number' ? 'float' : (value?.constructor?.name ?? 'NoneType');
  throw new TypeError_(
    'bad-argument',
    `'${type}' object cannot be interpreted as an integer (${name} = ${show(value)})`,
  );
}

/** A whole number, or its default. */
export const integerOr = (value: unknown, name: string, fallback: number): number =>
  value === undefined || value === null ? fallback : integer(value, name);

/** An axis counted from the front. */
export function axisOf(axis: unknown, rank: number, prefix = ''): number {
  const given = integer(axis, 'axis');
  if (given < -rank || given >= rank) {
    throw new AxisError('axis-out-of-range', `${prefix}axis ${given} is out of bounds for array of dimension ${rank}`);
  }
  return given < 0 ? given + rank : given;
}

/** The axes named, each once, in the order given; left out or null: all. */
export function axesOf(axes: unknown, rank: number, repeated = "duplicate value in 'axis'"): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (Array.isArray(axes) ? axes : [axes]).map((axis) => axisOf(axis, rank));
  if (new Set(list).size < list.length) throw new ValueError('bad-argument', repeated);
  return list;
}

/** Whether an axis is the one that NumPy's reductions let a number have: 0, or -1. */
export const isAxisOfNumber = (axis: unknown, rank: number): boolean => rank === 0 && (axis === 0 || axis === -1);

/** The axes that a reduction runs over; of a number none, also where its axis is 0 or -1. */
export const reducedAxes = (axes: unknown, rank: number): number[] =>
  isAxisOfNumber(axes, rank) ? [] : axesOf(axes, rank);

/** A shape argument: whole numbers from 0 on. */
export function shapeOf(value: unknown): Shape {
  if (value === null || value === undefined) {
    throw new TypeError_('bad-argument', 'Use [] not null (None) as shape arguments');
  }
  const shape = (Array.isArray(value) ? value : [value]).map((size) => integer(size, 'shape'));
  if (shape.some((size) => size < 0)) {
    throw new ValueError('size-invalid', `negative dimensions are not allowed: shape ${showTuple(shape)}`);
  }
  checkSize(shape, 'the array');
  return shape;
}

/** The shape that reshape is asked for; a negative size stands for whatever is left. */
export function reshaped(asked: readonly number[], from: Shape): Shape {
  const size = sizeOf(from);
  const open = asked.findIndex((length) => length < 0);
  if (asked.some((length, axis) => length < 0 && axis !== open)) {
    throw new ValueError('bad-argument', 'can only specify one unknown dimension');
  }
  const known = sizeOf(asked.filter((_, axis) => axis !== open));
  const rest = open < 0 ? 1 : size / known;
  if (known * rest !== size || !Number.isInteger(rest)) {
    const shown = asked.map((length) => (length < 0 ? 'newaxis' : `${length}`));
    const list = shown.length === 1 ? `${shown},` : shown.join(',');
    throw new ValueError('shape-mismatch', `cannot reshape array of size ${size} into shape (${list})`);
  }
  return asked.map((length) => (length < 0 ? rest : length));
}
