/**
 * What a tensor shows: elements of its own, or of a storage that it shares with its views. A tensor's value is a core
 * value, which never changes; to write in place is to give the storage another one. A view that finds the storage
 * changed takes its elements from there again, and continues the history of the tensor it is a view of.
 */

import { signature } from '../door/signature.js';
import type { Place } from '../door/storage.js';
import { elementsAt, find, type Subscript, viewed } from '../door/subscript.js';
import { TypeError_ } from '../errors.js';
import { sameShape } from '../shape/shape.js';
import { isRowMajor, rowMajor, type Strided } from '../shape/strided.js';
import type { Buffer } from '../tensor/buffer.js';
import { borrowed, type Foreign, isForeign } from '../tensor/foreign.js';
import { type Places, put, replaced, take } from '../tensor/places.js';
import { type Tensor as CoreTensor, type Node, withoutElements } from '../tensor/tensor.js';
import { Tuple } from '../text/python.js';
import {
  Alias,
  type Counter,
  type Creation,
  checkOverlap,
  checkSingle,
  originOf,
  placesIn,
  placesSeen,
  placesWithin,
  releaseTo,
  reshaping,
  severalOutputs,
} from './alias.js';
import { boolArgument, dimension, typeName } from './arguments.js';
import { type DType, dtypeOf, Size } from './dtype.js';
import { LeafNode, moveRetained } from './graph.js';
import { assignable, checkWanted, checkWritable, nameInPlace, pickName, resultFor } from './inplace.js';
import { is_grad_enabled, within } from './mode.js';
import { RandomMethods } from './random-methods.js';
import { GradFn, gradFnOf, type Row } from './row.js';
import { dialect, viewNames } from './subscript.js';
import type { Tensor } from './tensor.js';

const readRequiresGrad = signature('requires_grad_', 'requires_grad?');
const readStride = signature('stride', 'dim?~');

/** The result of a row that gives a view of its first operand. */
export let viewBy: (base: Shown, row: Row, values: readonly unknown[]) => Tensor;

/** Has a row's result take the place of its first operand's elements. */
export let writeBy: (target: Shown, row: Row, args: readonly unknown[]) => Shown;

/** Has a tensor show what another array shows. */
export let showAt: (tensor: Shown, place: Place) => void;

/** Makes a tensor the result of a node. */
export let recordAs: (tensor: Shown, node: Node) => void;

/** What holds a tensor's elements. */
export let bufferOf: (tensor: Shown) => Buffer;

export abstract class Shown extends RandomMethods {
  #value: CoreTensor;
  #gradFn: string | null = null;
  /** What is shared with views and detached tensors; null as long as there is nothing of the kind. */
  #alias: Alias<Tensor> | null = null;
  #leaf: LeafNode | null = null;
  /** What toCore has given to others, who may keep it. */
  #lent: Buffer | null = null;

  static {
    viewBy = (base, row, values) => base.#viewBy(row, values);
    writeBy = (target, row, args) => target.assignRow(row, args);
    bufferOf = (tensor) => tensor.#value.buffer;
    recordAs = (tensor, node) => tensor.#recordAs(node);
    showAt = (tensor, place) => tensor.#showAt(place);
  }

  constructor(value: CoreTensor, gradFn: string | null) {
    super();
    this.#value = value;
    this.#name(gradFn);
  }

  protected abstract get itself(): Tensor & this;

  /** A tensor of a core value. */
  protected abstract made(value: CoreTensor, gradFn?: string | null): Tensor;

  /** Names the operation that the value is recorded from. */
  #name(gradFn: string | null): void {
    const { node } = this.#value;
    if (node === null || node.rule === null) {
      this.#gradFn = null;
    } else {
      this.#gradFn = gradFn ?? gradFnOf(node.rule.name);
      node.label ??= this.#gradFn;
    }
  }

  /** The value as it is now, in any mode: where the storage has moved on, it is taken from there again. */
  protected now(): CoreTensor {
    const alias = this.#alias;
    if (alias === null) return this.#value;
    if (!alias.isCurrent) return this.#again(alias);
    // A view of what wants gradients since then wants them, too.
    const { base } = alias;
    if (this.#value.node === null && base !== null && base.#value.node !== null) this.#start(this.#value, true);
    return this.#value;
  }

  /** Makes this, with a value, the start of a graph, or of none. */
  #start(value: CoreTensor, isWanted: boolean): void {
    if (isWanted) this.#leaf ??= new LeafNode(this.itself);
    this.#value = isWanted && this.#leaf !== null ? value.recordedAs(this.#leaf) : value.plain;
    this.#value.origin = value.origin;
  }

  /** A leaf keeps its place in the graph; a view continues the history of what it is a view of. */
  #again(alias: Alias<Tensor>): CoreTensor {
    const { base, storage, places } = alias;
    const { node } = this.#value;
    const isOwn = base === null || node?.rule === null;
    const history = isOwn ? null : base.now();
    const { buffer } = storage.value;
    const { holders } = buffer;
    if (history === null || history.node === null) {
      const value = storage.read(places);
      this.#settle(alias, node === null || !isOwn ? value : value.recordedAs(node), this.#gradFn);
    } else {
      const within = base === null ? places : base.#placesOf(places);
      this.#settle(alias, take(history, within, places.shape), 'AsStridedBackward0');
    }
    releaseTo(buffer, holders);
    return this.#value;
  }

  #settle(alias: Alias<Tensor>, value: CoreTensor, gradFn: string | null): void {
    moveRetained(this, this.#value.node, value.node);
    this.#value = value;
    this.#name(gradFn);
    if (alias.base === null && value.node !== null) {
      alias.counter.name = this.#gradFn === 'CopySlices' ? 'torch::autograd::CopySlices' : this.#gradFn;
    }
    value.origin = originOf(alias);
    alias.stamp = alias.storage.stamp;
  }

  #showAt({ storage, view }: Place): void {
    this.#alias = new Alias<Tensor>(storage, { version: 0, name: null }, view);
    this.#value.origin = originOf(this.#alias);
  }

  /** Where the elements are, for np.asarray to show them; null: a gradient is wanted. */
  place(): Place | null {
    return this.requires_grad ? null : { storage: this.#shared().storage, view: this.#places };
  }

  #recordAs(node: Node): void {
    const value = this.now().recordedAs(node);
    if (this.#alias === null) {
      this.#value = value;
      this.#name(node.label);
    } else this.#settle(this.#alias, value, node.label);
  }

  /** What this shares from now on. */
  #shared(): Alias<Tensor> {
    if (this.#alias === null) {
      this.#alias = Alias.of(this.#value, this.#gradFn);
      this.#value.origin = originOf(this.#alias);
    }
    return this.#alias;
  }

  /** Where the elements lie. */
  get #places(): Strided {
    return this.#alias?.places ?? rowMajor(this.#value.shape);
  }

  /** Places in the storage as places among the elements of this. */
  #placesOf(places: Strided): Places {
    const alias = this.#shared();
    return placesWithin(alias.places, places, alias.isWhole);
  }

  /** A view of this. */
  #view(value: CoreTensor, gradFn: string | null, places: Strided | (() => Strided), creation: Creation): Tensor {
    const { storage, counter, base, creation: own } = this.#shared();
    const view = this.made(value, gradFn);
    const passed = creation === 'recorded' ? own : creation;
    view.#alias = new Alias(storage, counter, places, base ?? this.itself, is_grad_enabled() ? passed : 'no_grad');
    value.origin = originOf(view.#alias);
    // A view that isn't recorded wants gradients still where this does: for itself.
    return value.node === null && this.requires_grad ? view.requires_grad_() : view;
  }

  /** The result of a row that gives a view of this. */
  #viewBy(row: Row, values: readonly unknown[]): Tensor {
    const { buffer } = this.now();
    const { holders } = buffer;
    const value = row.run(values);
    const given = typeof row.gradFn === 'string' ? row.gradFn : row.gradFn(values);
    const { gradFn, strides, isCopy } = reshaping(row.name, this.#places, value.shape, given);
    if (isCopy) return this.made(value, gradFn);
    const alias = this.#shared();
    releaseTo(buffer, holders);
    const places = (): Strided => placesSeen(row, values, alias.places);
    const { offset } = alias.places;
    const creation = severalOutputs.has(gradFn) ? 'several' : 'recorded';
    return this.#view(value, gradFn, strides === null ? places : { offset, shape: value.shape, strides }, creation);
  }

  /** Elements in some places of the storage, one a place; `gradFn`: of this itself, null: of a view of it. */
  #write(places: Places, value: CoreTensor, gradFn: string | null): void {
    const alias = this.#shared();
    const { base, storage, counter } = alias;
    const history = base ?? this.itself;
    const isRecorded = is_grad_enabled() && (value.node !== null || history.requires_grad);
    const before = history.now();
    counter.version++;
    if (!isRecorded) {
      storage.write(places, value.plain);
      return;
    }
    const own = history.#shared();
    const within = places instanceof Int32Array ? placesIn(own, places) : history.#placesOf(places);
    const result = put(before, within, value, true);
    if (own.isWhole) storage.replace(result.plain);
    else storage.write(own.places, result.plain);
    history.#settle(own, result, base === null && gradFn !== null ? gradFn : 'CopySlices');
  }

  /** Another value for all of this, in place; of its shape and dtype. */
  #assign(value: CoreTensor, gradFn: string | null): this {
    const before = this.now();
    const alias = this.#shared();
    const { base, storage, counter } = alias;
    checkSingle(alias.places);
    const isRecorded = is_grad_enabled();
    if (base !== null && isRecorded && (value.node !== null || base.requires_grad)) {
      this.#write(alias.places, value, null);
      return this;
    }
    counter.version++;
    if (!alias.isWhole) storage.write(alias.places, value.plain);
    else storage.replace(value.plain);
    if (base !== null) return this;
    if (!isRecorded && before.node !== null) this.#settle(alias, value.plain.recordedAs(before.node), this.#gradFn);
    else {
      const isCut = isRecorded && value.node === null && before.node !== null;
      this.#settle(alias, isCut ? replaced(before, value) : value, gradFn);
    }
    return this;
  }

  /** Sizes of the dimensions. */
  get shape(): Size {
    return Size.from(this.#value.shape) as Size;
  }

  /** The type of the elements. */
  get dtype(): DType {
    return dtypeOf[this.#value.dtype];
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.#value.shape.length;
  }

  /** Whether gradients are wanted: of leaves by requires_grad_, of results where an operand's are. */
  get requires_grad(): boolean {
    return this.now().node !== null;
  }

  set requires_grad(value: boolean) {
    this.requires_grad_(value);
  }

  /** Whether nothing was recorded of how this was made: backward() keeps the gradients of leaves. */
  get is_leaf(): boolean {
    const { node } = this.now();
    return node === null || node.rule === null;
  }

  /** What made this, where that was recorded. */
  get grad_fn(): GradFn | null {
    this.now();
    return this.#gradFn === null ? null : new GradFn(this.#gradFn, this.#value.node?.rule?.name === 'custom_function');
  }

  /** The core value, unrecorded inside no_grad: it changes with this tensor, unless somebody holds it. */
  override get borrowed(): CoreTensor {
    const value = this.now();
    return is_grad_enabled() ? value : value.plain;
  }

  /** The core value, unrecorded inside no_grad. It never changes: who writes into this tensor copies first. */
  override toCore(): CoreTensor {
    const value = this.borrowed;
    const { buffer } = value;
    if (this.#lent !== buffer) {
      this.#lent = buffer;
      buffer.hold();
    }
    return value;
  }

  /** The core value as it was recorded, inside no_grad as well. */
  get recorded(): readonly CoreTensor[] {
    const value = this.now();
    return this.#alias === null ? [value] : [value, this.#alias.storage.value];
  }

  /** The same elements, of which no gradient is taken: what is written into one shows in the other. */
  detach(): Tensor {
    return this.#apart(this.#shared().counter);
  }

  #apart(counter: Counter): Tensor {
    const alias = this.#shared();
    const value = this.now().plain;
    const apart = this.made(value);
    apart.#alias = new Alias(alias.storage, counter, () => alias.places);
    value.origin = originOf(apart.#alias);
    return apart;
  }

  /** As detach, but what is written into it counts for no `_version` of this: no gradient will complain. */
  get data(): Tensor {
    return this.#apart({ version: 0, name: null });
  }

  /** Has this show another tensor's elements. */
  set data(value: Tensor) {
    if (!(value instanceof Shown)) {
      throw new TypeError_('bad-argument', `Variable data has to be a tensor, but got ${typeName(value)}`);
    }
    const { node } = this.now();
    const alias = value.#shared();
    const plain = value.now().plain;
    this.#alias = new Alias(alias.storage, { version: 0, name: this.#gradFn }, () => alias.places);
    this.#value = node === null ? plain : plain.recordedAs(node);
  }

  /** Wants (or no longer wants) gradients of this leaf. */
  requires_grad_(requires_grad?: boolean | { readonly requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    const wanted = boolArgument(readRequiresGrad(args)[0], 'requires_grad_', 'requires_grad', true);
    if (wanted === this.requires_grad) return this;
    checkWanted(wanted, this.is_leaf, this.#value.dtype);
    this.#start(this.now(), wanted);
    return this;
  }

  /** How often this, or what shares its elements, was written in place. */
  get _version(): number {
    return this.#alias?.counter.version ?? 0;
  }

  /** The tensor that this is a view of, or null. */
  get _base(): Tensor | null {
    return this.#alias?.base ?? null;
  }

  /** Whether this is a view of another tensor. */
  _is_view(): boolean {
    return this._base !== null;
  }

  /** Elements from one cell to the next, of each dimension, or of one. */
  stride(): Tuple<number>;
  stride(dim: number | { readonly dim: number }): number;
  stride(...args: unknown[]): Tuple<number> | number {
    const [dim] = readStride(args);
    const strides = Tuple.from(this.#places.strides) as Tuple<number>;
    return dim === undefined || dim === null ? strides : (strides[dimension(dim, this.ndim, 'stride')] as number);
  }

  /** The number, in what this is a view of, of its first element. */
  storage_offset(): number {
    return this.#places.offset;
  }

  /** Whether the elements lie one behind the other in their order. */
  is_contiguous(): boolean {
    return isRowMajor(this.#places);
  }

  /** The tensor itself where it is contiguous, else a copy. */
  contiguous(): Tensor {
    return this.is_contiguous() ? this.itself : this.itself.clone();
  }

  /**
   * What a subscript names, as Python's text or by parts: `x[0, ::2]` is `x.at('0, ::2')` or `x.at(0, '::2')`; null is a
   * new dimension. A view, unless there are lists, tensors of indices or masks in it.
   *
   * @throws IndexError for an index out of range, one too many, or what is none; ValueError for a step below 1
   * @example
   * const x = torch.arange(6).reshape(2, 3);
   * x.at('1, ::2') // tensor([3, 5])
   * x.at(0, [2, 0]) // tensor([2, 0])
   */
  at(...index: Subscript[]): Tensor {
    const found = find(index, this.#places, dialect);
    if (found.picked !== null) return this.made(elementsAt(this.borrowed, found), 'IndexBackward0');
    const { buffer } = this.now();
    const { holders } = buffer;
    const value = viewed(this.borrowed, found);
    releaseTo(buffer, holders);
    return this.#view(value, viewNames[found.last ?? 'nothing'], found.view, 'recorded');
  }

  /**
   * Assigns to what a subscript names: `x[0, :] = v` is `x.set_('0, :', v)` or `x.set_(0, ':', v)`. The value is a number
   * or a tensor that broadcasts.
   *
   * @throws IndexError as `at`; RuntimeError for a value of another shape, a leaf that requires grad
   * @example
   * const x = torch.zeros([2, 2]);
   * x.set_('0, :', 1).tolist() // [[1, 1], [0, 0]]
   */
  set_(...args: [...index: Subscript[], value: Foreign | number | boolean]): this {
    const given = args.at(-1);
    const found = find(args.slice(0, -1), this.#places, dialect);
    const value = assignable(given, found, this.#value);
    const isSelf = found.last === null || (found.last === 'slice' && sameShape(found.view.shape, this.shape));
    this.#checkWritable([value], !isSelf);
    checkSingle(this.#places);
    this.#checkOverlap(found.view, [given]);
    const { picked, view } = found;
    const isNumber = typeof given !== 'object' || value.shape.length === 0;
    if (picked === null && isSelf) return this.#assign(value, isNumber ? 'FillBackward2' : 'CopyBackwards');
    this.#write(
      picked === null ? view : picked.places(view),
      value,
      isSelf ? pickName(found, isNumber, dialect.isMask) : null,
    );
    return this;
  }

  /** @throws RuntimeError where in-place operations are forbidden; `isPart`: on a view of this */
  #checkWritable(values: readonly unknown[], isPart: boolean): void {
    if (!is_grad_enabled()) return;
    const wants = this.requires_grad || values.some((value) => isForeign(value) && borrowed(value).node !== null);
    if (wants) checkWritable(this, this.#alias, isPart, this.#gradFn);
  }

  /** @throws RuntimeError for an operand that shows part of what is written: all of this, or some places */
  #checkOverlap(target: Strided | null, operands: readonly unknown[]): void {
    const alias = this.#alias;
    if (alias === null) return;
    for (const operand of operands) {
      if (operand instanceof Shown) checkOverlap(target ?? alias.places, alias, operand.#alias);
    }
  }

  protected override assignRow(row: Row, args: readonly unknown[]): this {
    const values = row.read([this, ...args]);
    this.#checkWritable(values, false);
    this.#checkOverlap(null, values.slice(1));
    // What a rule saves of this is as it was before, whatever becomes of this.
    const { node, plain } = this.borrowed;
    const before = node === null ? plain : plain.recordedAs(node);
    const value = resultFor(this.#value, row.run([before, ...values.slice(1)]));
    return this.#assign(
      values.some((operand) => isForeign(operand) && borrowed(operand).buffer === value.buffer) ? value.share() : value,
      nameInPlace(row, values),
    );
  }

  /** Another value in place of the one there is, whatever the mode: a leaf stays one. */
  override assign(value: CoreTensor): this {
    const node = this.now().node;
    const kept = value.keep();
    if (sameShape(value.shape, this.#value.shape) && value.dtype === this.#value.dtype) {
      return within(false, () => this.#assign(kept, null));
    }
    this.#alias = null;
    this.#value = node === null ? kept : kept.recordedAs(node);
    return this;
  }

  /** Frees the values' memory now; it need not be called. */
  dispose(): void {
    const alias = this.#alias;
    const value = this.#value;
    this.#lent?.release();
    this.#lent = null;
    if (alias === null) {
      value.dispose();
      return;
    }
    if (value.buffer !== alias.storage.value.buffer) value.dispose();
    this.#alias = null;
    this.#value = withoutElements(value);
    alias.storage.leave();
  }
}
