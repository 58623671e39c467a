/** tf.GradientTape. */

import { backward, reachable } from '../autodiff/backward.js';
import { showTf } from '../conv/tf.js';
import { flag, isKeywords, signature } from '../door/signature.js';
import { RuntimeError, TypeError_, ValueError } from '../errors.js';
import { broadcastTo } from '../ops/composite.js';
import { isFloat } from '../shape/dtype.js';
import { broadcastShapes, sameShape, show } from '../shape/shape.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { type Tensor as CoreTensor, full, type Node, newTensor, op } from '../tensor/tensor.js';
import { repr, Tuple, tuple } from '../text/python.js';
import { invalid, type TensorInput, tensorArgument } from './arguments.js';
import { flatten, isNested, type Mapped, mapEnds, type Nest } from './nest.js';
import { isRecording, Recording, recordedCopy, TapeLeaf } from './recording.js';
import { Tensor, Value } from './tensor.js';
import { AnyVariable } from './variable.js';

/** What gradients are where the target doesn't depend on the source: null, or zeros. */
export class UnconnectedGradients {
  static readonly NONE: UnconnectedGradients = new UnconnectedGradients('NONE', 'none');
  static readonly ZERO: UnconnectedGradients = new UnconnectedGradients('ZERO', 'zero');

  readonly name: string;
  readonly value: 'none' | 'zero';

  private constructor(name: string, value: 'none' | 'zero') {
    this.name = name;
    this.value = value;
  }

  toString(): string {
    return `UnconnectedGradients.${this.name}`;
  }

  __str__(): string {
    return this.toString();
  }

  __repr__(): string {
    return `<${this.toString()}: '${this.value}'>`;
  }
}

export interface TapeOptions {
  /** Whether gradient() may be called more than once. */
  readonly persistent?: boolean;
  /** Whether trainable variables are watched when they are read; true by default. */
  readonly watch_accessed_variables?: boolean;
}

export interface GradientOptions {
  /** One gradient a target, of its shape, in place of ones. */
  readonly output_gradients?: Nest<TensorInput> | null;
  readonly unconnected_gradients?: UnconnectedGradients | 'none' | 'zero';
}

/** What jacobian and batch_jacobian take; how they compute is their own affair. */
export interface JacobianOptions extends Pick<GradientOptions, 'unconnected_gradients'> {
  readonly parallel_iterations?: number | null;
  readonly experimental_use_pfor?: boolean;
}

/** The targets and sources of a gradient in the graph of one tape. */
interface Problem {
  /** The nodes that the tape sees, in order of making. */
  readonly nodes: readonly Node[];
  readonly targets: readonly (CoreTensor | null)[];
  readonly sources: readonly (CoreTensor | null)[];
  /** Somebody outside this door differentiates by what the targets were made from. */
  readonly isOutside: boolean;
}

const USED_UP = 'A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)';

/** The recorded forms of a value. */
const recordedForms = (value: Foreign): readonly CoreTensor[] =>
  value instanceof Value ? value.recorded : [value.toCore()].filter((core) => core.node !== null);

/** What stands at the ends of targets or sources must be tensors. */
function tensorsIn(nest: unknown, name: 'target' | 'sources'): Foreign[] {
  if (name === 'target' && nest === null) {
    throw new TypeError_(
      'bad-argument',
      'Argument `target` should be a list or nested structure of Tensors, Variables or CompositeTensors to be ' +
        'differentiated, but received None.',
    );
  }
  return flatten(nest).map((end) => {
    if (isForeign(end)) return end;
    throw new TypeError_('bad-argument', `GradientTape: ${name} must be tensors or variables, not ${show(end)}`);
  });
}

function problemOf(recording: Recording, targets: readonly Foreign[], sources: readonly Foreign[]): Problem {
  const forms = [...targets, ...sources].map(recordedForms);
  const graph = reachable(forms.flat().map((form) => form.node));
  const seen = recording.seen(graph);
  const found = forms.map((own) => own.find((form) => form.node !== null && seen.has(form.node)) ?? null);
  return {
    nodes: graph.filter((node) => seen.has(node)),
    targets: found.slice(0, targets.length),
    sources: found.slice(targets.length),
    isOutside: graph.some((node) => node.rule === null && !(node instanceof TapeLeaf)),
  };
}

/** The gradient by each source of the sum of targets times seeds; null where nothing leads there. */
function pull({ nodes, targets, sources, isOutside }: Problem, seeds: readonly CoreTensor[]): (CoreTensor | null)[] {
  const wanted = new Set(sources.map((source) => source?.node));
  const connected = targets.map((target, i) => [target, seeds[i]] as const).filter(([target]) => target !== null);
  const gradients = backward(
    nodes,
    connected.map(([target]) => target as CoreTensor),
    connected.map(([, seed]) => seed as CoreTensor),
    (node) => wanted.has(node),
    { record: isRecording() || isOutside, free: false },
  );
  return sources.map((source) => (source?.node && gradients.get(source.node)) ?? null);
}

/** A gradient given for a target: of its dtype, and of a shape that broadcasts to its. */
function seedOf(given: unknown, target: CoreTensor): CoreTensor {
  const seed = tensorArgument(given, target.dtype);
  if (seed.dtype !== target.dtype) {
    const message = `output_gradients must have the target's dtype, ${target.dtype}, not ${seed.dtype}`;
    throw invalid('Mul', 'dtype-mismatch', message);
  }
  const shape = broadcastShapes(seed.shape, target.shape);
  if (shape === null || !sameShape(shape, target.shape)) {
    const shapes = `${showTf(seed.shape)} vs. ${showTf(target.shape)}`;
    throw invalid('Mul', 'shape-mismatch', `Incompatible shapes: ${shapes} (output_gradients and target)`);
  }
  return broadcastTo(op, seed, target.shape);
}

/** One seed a target. Where the target is no list, numbers in lists are one gradient. */
function seedsOf(given: unknown, target: unknown, targets: readonly Foreign[]): CoreTensor[] {
  const values = targets.map((value) => (value instanceof Value ? value.plain : value.toCore()));
  if (given === undefined || given === null) return values.map((value) => full(value, 1));
  const isList = isNested(target) || flatten(given).some(isForeign);
  const list = isList ? flatten(given) : [given];
  if (list.length !== targets.length) {
    throw new ValueError(
      'bad-argument',
      `output_gradients must be one for each of the ${targets.length} target(s), not ${list.length}`,
    );
  }
  return values.map((value, i) => seedOf(list[i], value));
}

function givesZeros(value: unknown): boolean {
  if (value === undefined) return false;
  const name: unknown = value instanceof UnconnectedGradients ? value.value : value;
  if (name === 'none' || name === 'zero') return name === 'zero';
  throw new ValueError(
    'bad-argument',
    `Unknown value for unconnected_gradients: ${repr(value)}; it must be 'none' or 'zero'`,
  );
}

const readTape = signature('GradientTape', 'persistent? watch_accessed_variables?');
const readGradient = signature('gradient', 'target~ sources output_gradients?~ unconnected_gradients?~');
const readJacobian = signature(
  'jacobian',
  'target sources unconnected_gradients?~ parallel_iterations?~ experimental_use_pfor?',
);

const readBatchJacobian = signature(
  'batch_jacobian',
  'target source unconnected_gradients? parallel_iterations?~ experimental_use_pfor?',
);

/** Sources may be a plain object of tensors, which are no keyword arguments. */
function readNest(read: typeof readGradient, args: readonly unknown[]): readonly unknown[] {
  const isSources = args.length === 2 && isKeywords(args[1]) && !Object.hasOwn(args[1], 'sources');
  return read(isSources ? [...args, {}] : args);
}

/**
 * tf.GradientTape: records what is computed of what it watches, while it is open, and gives gradients. Trainable
 * variables are watched when they are read, tensors by `watch`. It is open in the callback of `run`, or where `using`
 * has declared it.
 *
 * @example
 * const x = tf.constant(3);
 * const tape = new tf.GradientTape();
 * const y = tape.run(() => { tape.watch(x); return x.mul(x); });
 * tape.gradient(y, x) // <tf.Tensor: shape=(), dtype=float32, numpy=6.0>
 * @example
 * const w = new tf.Variable([1, 2]);
 * using tape = new tf.GradientTape();
 * tape.gradient(w.mul(w), w)?.tolist() // [2, 4]
 */
export class GradientTape {
  readonly #persistent: boolean;
  readonly #watchesAccess: boolean;
  #recording: Recording | null = null;
  #watched: readonly Foreign[] = [];

  /** @throws TypeError_ for options that are no booleans */
  constructor(persistent?: boolean | TapeOptions, watch_accessed_variables?: boolean | TapeOptions);
  constructor(...args: unknown[]) {
    const [persistent, watchesAccess] = readTape(args);
    this.#persistent = flag(persistent, 'persistent', false);
    this.#watchesAccess = flag(watchesAccess, 'watch_accessed_variables', true);
  }

  /**
   * Records while the callback runs (`with tape:`), and gives what it returns.
   *
   * @throws ValueError where it records already
   */
  run<T>(body: () => T): T {
    if (typeof body !== 'function') throw new TypeError_('bad-argument', `run takes a function, not ${show(body)}`);
    this.#open();
    try {
      return body();
    } finally {
      this.#close();
    }
  }

  /** `using` asks for this at the declaration, and calls what it gets at the end of the block. */
  get [Symbol.dispose](): () => void {
    this.#open();
    return () => this.#close();
  }

  #open(): void {
    if (this.#recording?.isActive) {
      throw new ValueError(
        'bad-call',
        'Tape is still recording, This can happen if you try to re-enter an already-active tape.',
      );
    }
    this.#recording ??= new Recording(this.#watchesAccess);
    this.#recording.start();
  }

  #close(): void {
    if (this.#recording?.isActive) this.#recording.stop();
  }

  /**
   * Takes gradients by these tensors or variables, too; integers have none.
   *
   * @throws ValueError for anything else, RuntimeError where the tape was never open
   */
  watch(tensor: Nest<Value>): void {
    const recording = this.#recording;
    if (recording === null) {
      const message = 'this tape is not open: call watch inside tape.run(() => ...), or declare it by `using`';
      throw new RuntimeError('bad-call', message);
    }
    for (const value of flatten(tensor)) {
      if (!(value instanceof Value)) {
        throw new ValueError(
          'bad-argument',
          `Passed in object ${repr(value)} of type '${typeof value}', not tf.Tensor or tf.Variable or ExtensionType.`,
        );
      }
      if (isFloat(value.plain.dtype)) watchValue(recording, value);
    }
  }

  /** The variables that were watched, in the order in which they were made. */
  watched_variables(): readonly Foreign[] {
    return Tuple.from(this.#recording?.variables ?? this.#watched);
  }

  /** Runs the callback without recording on this tape. */
  stop_recording<T>(body: () => T): T {
    if (this.#recording === null) {
      throw new RuntimeError('bad-call', 'Trying to stop recording a tape which is not recording.');
    }
    this.#stop();
    try {
      return body();
    } finally {
      this.#open();
    }
  }

  /** Forgets what was recorded, and what was watched; recording goes on. */
  reset(): void {
    this.#stop();
    this.#recording = null;
    this.#open();
  }

  #stop(): void {
    if (!this.#recording?.isActive) throw new ValueError('bad-call', 'Tape is not recording.');
    this.#recording.stop();
  }

  /**
   * The gradients of the sum of the targets by the sources, in the structure of the sources; null where a target
   * doesn't depend on a source, and for integers.
   *
   * @throws RuntimeError for a second call on a tape that isn't persistent, TypeError_ for what is no tensor,
   * ValueError for an unknown unconnected_gradients, InvalidArgumentError for output_gradients of a wrong shape
   * @example
   * const [w, b] = [new tf.Variable([1, 2]), new tf.Variable(3)];
   * const tape = new tf.GradientTape();
   * const y = tape.run(() => w.mul(w));
   * const gradients = tape.gradient(y, [w, b], { unconnected_gradients: 'zero' });
   * gradients.map((gradient) => gradient?.tolist()) // [[2, 4], 0]
   */
  gradient<const S extends Nest<Foreign>>(
    target: Nest<Foreign>,
    sources: S,
    output_gradients?: GradientOptions['output_gradients'] | GradientOptions,
    unconnected_gradients?: GradientOptions['unconnected_gradients'],
  ): Mapped<S, Foreign, Tensor | null>;
  gradient(...args: unknown[]): unknown {
    const [target, sources, given, unconnected] = readNest(readGradient, args);
    const recording = this.#take();
    const zeros = givesZeros(unconnected);
    const [targets, ends] = [tensorsIn(target, 'target'), tensorsIn(sources, 'sources')];
    const problem = problemOf(recording, targets, ends);
    const gradients = pull(problem, seedsOf(given, target, targets));
    this.#done(recording, problem);
    return this.#packed(sources, gradients, problem, (end) => (zeros ? full(plainOf(end), 0) : null));
  }

  /**
   * The Jacobian by each source, of shape [...target.shape, ...source.shape], in the structure of the sources.
   *
   * @throws as gradient
   */
  jacobian<const S extends Nest<Foreign>>(
    target: Foreign,
    sources: S,
    unconnected_gradients?: GradientOptions['unconnected_gradients'] | JacobianOptions,
    parallel_iterations?: number | null | Omit<JacobianOptions, 'unconnected_gradients'>,
    experimental_use_pfor?: boolean,
  ): Mapped<S, Foreign, Tensor | null>;
  jacobian(...args: unknown[]): unknown {
    const [target, sources, unconnected] = readNest(readJacobian, args);
    const recording = this.#take();
    const zeros = givesZeros(unconnected);
    const [targets, ends] = [tensorsIn(target, 'target'), tensorsIn(sources, 'sources')];
    const [y] = targets.map(plainOf);
    if (targets.length !== 1 || y === undefined) {
      throw new TypeError_('bad-argument', `jacobian takes one target, not ${targets.length}`);
    }
    const problem = problemOf(recording, targets, ends);
    // Of no elements, a row shows whether anything leads to the sources.
    const rows = Array.from({ length: Math.max(1, y.size) }, (_, i) => {
      const basis = Array.from({ length: y.size }, (_unused, j) => (i === j ? 1 : 0));
      return pull(problem, [newTensor(basis, y.shape, y.dtype)]);
    });
    const jacobians = ends.map((end, i) =>
      stackedRows(
        rows.map((row) => row[i] ?? null),
        y,
        plainOf(end),
      ),
    );
    this.#done(recording, problem);
    return this.#packed(sources, jacobians, problem, (end) => {
      const x = plainOf(end);
      return zeros ? full({ shape: [...y.shape, ...x.shape], dtype: x.dtype }, 0) : null;
    });
  }

  /**
   * The Jacobian of each sample by its own source, of shape [batch, ...target's sample, ...source's sample]: each sample
   * of the target depends on its own alone.
   *
   * @throws ValueError where the first sizes differ, or there are no two axes; otherwise as gradient
   * @example
   * const x = tf.constant([[1, 2], [3, 4]]);
   * const tape = new tf.GradientTape();
   * const y = tape.run(() => { tape.watch(x); return x.mul(x); });
   * tape.batch_jacobian(y, x).tolist() // [[[2, 0], [0, 4]], [[6, 0], [0, 8]]]
   */
  batch_jacobian(
    target: Foreign,
    source: Foreign,
    unconnected_gradients?: GradientOptions['unconnected_gradients'] | JacobianOptions,
    parallel_iterations?: number | null | Omit<JacobianOptions, 'unconnected_gradients'>,
    experimental_use_pfor?: boolean,
  ): Tensor;
  batch_jacobian(...args: unknown[]): unknown {
    const [target, source, unconnected] = readBatchJacobian(args);
    const recording = this.#take();
    givesZeros(unconnected);
    const [targets, ends] = [tensorsIn(target, 'target'), tensorsIn(source, 'sources')];
    const [y, x] = [plainOf(targets[0] as Foreign), plainOf(ends[0] as Foreign)];
    const [batch = 0] = y.shape;
    if (y.shape.length < 2 || x.shape.length < 2 || batch !== x.shape[0]) {
      const shapes = `target shape (${tuple(y.shape)}) and source shape (${tuple(x.shape)})`;
      throw new ValueError('shape-mismatch', `Need first dimension of ${shapes} to match.`);
    }
    const problem = problemOf(recording, targets, ends);
    const size = y.size / Math.max(batch, 1);
    const rows = Array.from({ length: size }, (_, i) => {
      const basis = Array.from({ length: y.size }, (_unused, j) => (j % size === i ? 1 : 0));
      return pull(problem, [newTensor(basis, y.shape, y.dtype)])[0] ?? null;
    });
    this.#done(recording, problem);
    const shape = [...y.shape, ...x.shape.slice(1)];
    // TensorFlow gives zeros here where nothing leads to the source.
    return this.#packed(source, [perSample(rows, x, shape)], problem, () => full({ shape, dtype: x.dtype }, 0));
  }

  /** What was recorded; a tape that isn't persistent stops recording. */
  #take(): Recording {
    if (this.#recording === null) throw new RuntimeError('bad-call', USED_UP);
    if (!this.#persistent) this.#close();
    return this.#recording;
  }

  /** A tape that isn't persistent is used up, and what only it recorded is given back. */
  #done(recording: Recording, { nodes, isOutside }: Problem): void {
    if (this.#persistent) return;
    this.#watched = recording.variables;
    this.#recording = null;
    if (!recording.overlapped && !isOutside) for (const node of nodes) node.free();
  }

  #packed(
    sources: unknown,
    gradients: readonly (CoreTensor | null)[],
    { isOutside }: Problem,
    otherwise: (end: Foreign) => CoreTensor | null,
  ): unknown {
    let i = 0;
    return mapEnds(sources, (end) => {
      const gradient = gradients[i++] ?? otherwise(end as Foreign);
      if (gradient === null) return null;
      return isOutside || gradient.node === null ? new Tensor(gradient) : new Tensor(gradient.plain, [gradient]);
    });
  }
}

const plainOf = (value: Foreign): CoreTensor => (value instanceof Value ? value.plain : value.toCore().plain);

/** The rows of a Jacobian as one tensor; null where none was reached. */
function stackedRows(rows: readonly (CoreTensor | null)[], y: CoreTensor, x: CoreTensor): CoreTensor | null {
  if (rows.every((row) => row === null)) return null;
  const shape = [...y.shape, ...x.shape];
  if (y.size === 0) return full({ shape, dtype: x.dtype }, 0);
  const flat = rows.map((row) => op.reshape(row ?? full(x, 0), [1, x.size]));
  return op.reshape(op.concatenate(flat, 0), shape);
}

/** The rows of all samples' Jacobians, sample by sample. */
function perSample(rows: readonly (CoreTensor | null)[], x: CoreTensor, shape: readonly number[]): CoreTensor | null {
  if (rows.every((row) => row === null)) return null;
  const batch = x.shape[0] as number;
  const cells = x.size / Math.max(batch, 1);
  const flat = rows.map((row) => op.reshape(row ?? full(x, 0), [batch, 1, cells]));
  return op.reshape(op.concatenate(flat, 1), shape);
}

/**
 * Has a tape watch a value. One that is recorded already gets a node of its own, at which the tape's gradients end
 * although the graph goes on.
 */
function watchValue(recording: Recording, value: Value): void {
  if (value instanceof AnyVariable) {
    const [own] = value.recorded;
    if (own?.node) recording.watch(own.node, value);
    return;
  }
  if (!(value instanceof Tensor)) return;
  const latest = value.recorded.at(-1);
  const known = value.toCore();
  const start = known.node === null && latest?.node instanceof TapeLeaf ? latest : known;
  if (start.node instanceof TapeLeaf) {
    recording.watch(start.node);
    return;
  }
  const watched = start.node === null ? start.recordedAs(new TapeLeaf()) : recordedCopy(start);
  value.recordAs(watched);
  if (watched.node !== null) recording.watch(watched.node);
}
