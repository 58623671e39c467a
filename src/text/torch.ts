/** Tensors as PyTorch 2.15 prints them (torch/_tensor_str.py, dense tensors on the CPU). */

import { type DType, isFloat } from '../shape/dtype.js';
import { exponential, fixed } from './digits.js';
import { tuple } from './python.js';
import { at, type Element, ends, plain, shown, sizeOf, type Values } from './values.js';

/** What `torch.set_printoptions` sets, under PyTorch's names. */
export interface PrintOptions {
  /** Digits after the point. */
  readonly precision: number;
  /** Tensors of more elements are summarised. */
  readonly threshold: number;
  /** Elements shown at both ends of each axis of a summary. */
  readonly edgeitems: number;
  readonly linewidth: number;
  /** Scientific notation always, never, or (null) where the numbers want it. */
  readonly sci_mode: boolean | null;
}

/** The options PyTorch starts with. */
export const defaults: PrintOptions = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: null };

type Profile = 'default' | 'short' | 'full';

const profiles: { readonly [P in Profile]: Partial<PrintOptions> } = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Number.POSITIVE_INFINITY, edgeitems: 3, linewidth: 80 },
};

/** Some of the options, or a profile of them; null and undefined leave an option as it is. */
export interface PrintOptionsChange {
  readonly precision?: number | null | undefined;
  readonly threshold?: number | null | undefined;
  readonly edgeitems?: number | null | undefined;
  readonly linewidth?: number | null | undefined;
  readonly profile?: Profile | null | undefined;
  readonly sci_mode?: boolean | null | undefined;
}

/** `torch.set_printoptions` without its state: the options after a change. Like there, sci_mode never stays. */
export function withOptions(current: PrintOptions, change: PrintOptionsChange): PrintOptions {
  const base = { ...current, ...(change.profile == null ? {} : profiles[change.profile]) };
  return {
    precision: change.precision ?? base.precision,
    threshold: change.threshold ?? base.threshold,
    edgeitems: change.edgeitems ?? base.edgeitems,
    linewidth: change.linewidth ?? base.linewidth,
    sci_mode: change.sci_mode ?? null,
  };
}

/** What a tensor's text says besides its numbers. */
export interface TensorFacts {
  readonly requiresGrad?: boolean | undefined;
  /** Name of the node that made the tensor, such as "AddBackward0". */
  readonly gradFn?: string | null | undefined;
  /** The dtype that goes without saying. */
  readonly defaultDType?: DType | undefined;
}

/** A column: the width of its widest element, and the text of one, padded to it. */
interface Column {
  readonly width: number;
  readonly format: (x: Element) => string;
}

function column(width: number, text: (x: Element) => string): Column {
  return { width, format: (x) => text(x).padStart(width) };
}

const widest = (elements: readonly Element[], text: (x: Element) => string): number =>
  elements.reduce<number>((width, x) => Math.max(width, text(x).length), 1);

/** PyTorch's _Formatter for floating types: nan, inf and zero have no say in layout or width. */
function floatColumn(elements: readonly Element[], { precision, sci_mode }: PrintOptions): Column {
  const numbers = elements.map(Number).filter((x) => Number.isFinite(x) && x !== 0);
  if (numbers.length === 0) return column(1, wholeText);
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const x of numbers) {
    largest = Math.max(largest, Math.abs(x));
    smallest = Math.min(smallest, Math.abs(x));
  }
  const scientific = sci_mode ?? (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4);
  const text = scientific
    ? (x: Element): string => exponential(Number(x), precision)
    : numbers.every(Number.isInteger)
      ? wholeText
      : (x: Element): string => fixed(Number(x), precision);
  return column(widest(numbers, text), text);
}

/** A whole number of a floating type: "3.", but "inf". */
function wholeText(x: Element): string {
  return fixed(Number(x), 0) + (Number.isFinite(Number(x)) ? '.' : '');
}

function columnOf(values: Values, elements: readonly Element[], options: PrintOptions): Column {
  if (isFloat(values.dtype)) return floatColumn(elements, options);
  const text = (x: Element): string => plain(x, values.dtype);
  return column(widest(elements, text), text);
}

/** The nested brackets, of which the first stands in column `indent`; an empty tensor is "[]". */
function contents(values: Values, indent: number, options: PrintOptions): string {
  const { shape } = values;
  const size = sizeOf(shape);
  if (size === 0) return '[]';
  const summarised = size > options.threshold;
  const { width, format } = columnOf(values, shown(values, summarised, options.edgeitems), options);
  const edge = summarised ? options.edgeitems : Number.POSITIVE_INFINITY;

  // The text of `block` elements from `offset`, all under one index of the axes before `axis`.
  const text = (axis: number, offset: number, block: number, column: number): string => {
    if (axis === shape.length) return format(at(values, offset));
    const length = shape[axis] as number;
    const inner = block / length;
    const items = ends(length, edge, edge).map((i) => text(axis + 1, offset + i * inner, inner, column + 1));
    const margin = ' '.repeat(column + 1);
    const depth = shape.length - axis;
    if (length > 2 * edge) items.splice(edge, 0, depth === 1 && edge > 0 ? ' ...' : '...');
    if (depth > 1) return `[${items.join(`,${'\n'.repeat(depth - 1)}${margin}`)}]`;
    const perLine = Math.max(1, Math.floor((options.linewidth - column) / (width + ', '.length)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,\n${margin}`)}]`;
  };
  return text(0, 0, size, indent);
}

/** What follows the numbers: size and dtype where these don't tell, and the tensor's part in a graph. */
function suffixes(values: Values, facts: TensorFacts, options: PrintOptions): string[] {
  const { shape, dtype } = values;
  const { requiresGrad = false, gradFn = null, defaultDType = 'float32' } = facts;
  const empty = sizeOf(shape) === 0;
  const found: string[] = [];
  if (empty ? shape.length !== 1 : options.edgeitems === 0) found.push(`size=${tuple(shape)}`);
  const implied = dtype === defaultDType || (!empty && (dtype === 'int64' || dtype === 'bool'));
  if (!implied) found.push(`dtype=${dtypeText(dtype)}`);
  if (gradFn !== null) found.push(`grad_fn=<${gradFn}>`);
  else if (requiresGrad) found.push('requires_grad=True');
  return found;
}

/** `str` and `repr` of a tensor: "tensor([1., 2.], grad_fn=<AddBackward0>)". */
export function tensorText(values: Values, facts: TensorFacts = {}, options: PrintOptions = defaults): string {
  const prefix = 'tensor(';
  let text = prefix + contents(values, prefix.length, options);
  // PyTorch counts two characters too many on the tensor's last line; the breaks depend on it.
  let lineLength = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes(values, facts, options)) {
    if (lineLength + suffix.length + 2 > options.linewidth) {
      text += `,\n${' '.repeat(prefix.length)}${suffix}`;
      lineLength = prefix.length + suffix.length;
    } else {
      text += `, ${suffix}`;
      lineLength += suffix.length + 2;
    }
  }
  return `${text})`;
}

/** `repr` of an nn.Parameter, whose tensor stands on a line of its own. */
export const parameterText = (values: Values, facts: TensorFacts = {}, options: PrintOptions = defaults): string =>
  `Parameter containing:\n${tensorText(values, facts, options)}`;

/** "torch.Size([1, 2])". */
export const sizeText = (shape: readonly number[]): string => `torch.Size([${shape.join(', ')}])`;

/** "torch.float32". */
export const dtypeText = (dtype: DType): string => `torch.${dtype}`;
