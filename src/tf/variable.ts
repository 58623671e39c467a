/** tf.Variable: a value that can be assigned, and that tapes watch when it is read. */

import { showTf } from '../conv/tf.js';
import { signature } from '../door/signature.js';
import { ValueError } from '../errors.js';
import { isFloat, type DType as Name } from '../shape/dtype.js';
import { sameShape } from '../shape/shape.js';
import { type Tensor as CoreTensor, newTensor, op } from '../tensor/tensor.js';
import { repr, tuple } from '../text/python.js';
import { variableRepr } from '../text/tensorflow.js';
import { intsArgument, invalid, type TensorInput, tensorArgument } from './arguments.js';
import { type DType, dtypeArgument } from './dtype.js';
import { isOfActiveTape, recordedCopy, recordings, TapeLeaf } from './recording.js';
import { printable, type Tensor, Value, wrap } from './tensor.js';

export interface VariableOptions {
  readonly name?: string | null;
  /** Whether tapes watch it without being asked; true by default. */
  readonly trainable?: boolean | null;
  readonly dtype?: DType | string | null;
  /** Must be the initial value's. */
  readonly shape?: readonly number[] | null;
}

/** A value of the variable's dtype; tensors of TensorFlow's are not converted, others are. */
function initial(value: unknown, dtype: Name | null): CoreTensor {
  const given = tensorArgument(value, dtype).plain;
  if (dtype === null || given.dtype === dtype) return given;
  if (value instanceof Value) {
    throw new ValueError(
      'dtype-mismatch',
      `Tensor conversion requested dtype ${dtype} for Tensor with dtype ${given.dtype}: ${repr(value)}`,
    );
  }
  return op.convert(given, dtype);
}

/** What a variable shares with the aliases that assignments give. */
interface State {
  value: CoreTensor;
  /** The value as tapes know it: always of the same node, whatever is assigned. */
  recorded: CoreTensor;
}

function stateOf(value: CoreTensor): State {
  return { value: value.keep(), recorded: isFloat(value.dtype) ? value.recordedAs(new TapeLeaf()) : value };
}

export interface AssignOptions {
  /** Whether the variable is returned; true by default. */
  readonly read_value?: boolean;
  readonly use_locking?: boolean;
  readonly name?: string | null;
}

const readAssign = {
  value: signature('assign', 'value~ use_locking? name?~ read_value?'),
  delta: signature('assign', 'delta~ use_locking? name?~ read_value?'),
} as const;

/** What a variable can do, under its own name or as what an assignment gives. */
export abstract class AnyVariable extends Value {
  /** Whether tapes watch it without being asked. */
  readonly trainable: boolean;
  readonly #state: State;

  constructor(state: State, trainable: boolean) {
    super();
    this.#state = state;
    this.trainable = trainable;
  }

  get plain(): CoreTensor {
    return this.#state.value;
  }

  get recorded(): readonly CoreTensor[] {
    const { recorded } = this.#state;
    return recorded.node === null ? [] : [recorded];
  }

  /** Reading makes the active tapes watch it, if it is trainable. */
  toCore(): CoreTensor {
    const { value, recorded } = this.#state;
    if (recorded.node === null) return value;
    if (this.trainable) {
      for (const recording of recordings) if (recording.watchesAccess) recording.watch(recorded.node, this);
    }
    return isOfActiveTape(recorded.node) ? recorded : value;
  }

  /** The value now, as a tensor. */
  value(): Tensor {
    return wrap(recordedCopy(this.toCore()), []);
  }

  /** Whether it has a value: always. */
  is_initialized(): Tensor {
    return wrap(newTensor([true], [], 'bool'), []);
  }

  read_value(): Tensor {
    return this.value();
  }

  /**
   * Gives it another value, of its own shape and dtype. Tapes don't record this.
   *
   * @throws ValueError for another shape or dtype
   */
  assign(value: TensorInput, options: AssignOptions & { readonly read_value: false }): null;
  assign(value: TensorInput, options?: AssignOptions): AnyVariable;
  assign(...args: unknown[]): AnyVariable | null {
    const [value, , , reads] = readAssign.value(args);
    const given = initial(value, this.plain.dtype);
    if (!sameShape(given.shape, this.plain.shape)) {
      throw new ValueError(
        'shape-mismatch',
        `Cannot assign value to variable ' ${this.label}': Shape mismatch.The variable shape ` +
          `${tuple(this.plain.shape)}, and the assigned value shape ${tuple(given.shape)} are incompatible.`,
      );
    }
    return this.#become(given, reads !== false);
  }

  /** Adds a value of its own shape; InvalidArgumentError for another. */
  assign_add(delta: TensorInput, options: AssignOptions & { readonly read_value: false }): null;
  assign_add(delta: TensorInput, options?: AssignOptions): AnyVariable;
  assign_add(...args: unknown[]): AnyVariable | null {
    return this.#update('AssignAddVariableOp', 'add', readAssign.delta(args));
  }

  /** Subtracts a value of its own shape; InvalidArgumentError for another. */
  assign_sub(delta: TensorInput, options: AssignOptions & { readonly read_value: false }): null;
  assign_sub(delta: TensorInput, options?: AssignOptions): AnyVariable;
  assign_sub(...args: unknown[]): AnyVariable | null {
    return this.#update('AssignSubVariableOp', 'subtract', readAssign.delta(args));
  }

  #update(operation: string, how: 'add' | 'subtract', values: readonly unknown[]): AnyVariable | null {
    const [delta, , , reads] = values;
    const given = initial(delta, this.plain.dtype);
    if (!sameShape(given.shape, this.plain.shape)) {
      throw invalid(
        operation,
        'shape-mismatch',
        `Cannot update variable with shape ${showTf(this.plain.shape)} using a Tensor with shape ` +
          `${showTf(given.shape)}, shapes must be equal.`,
      );
    }
    return this.#become(op[how](this.plain, given), reads !== false);
  }

  #become(value: CoreTensor, reads: boolean): AnyVariable | null {
    const { node } = this.#state.recorded;
    this.#state.value = value.keep();
    this.#state.recorded = node === null ? value : value.recordedAs(node);
    return reads ? new UnreadVariable(this.#state, this.trainable) : null;
  }

  /** What stands in quotes where it is printed. */
  abstract get label(): string;

  toString(): string {
    return this.__repr__();
  }

  __repr__(): string {
    return variableRepr(printable(this.plain), '').replace("':0'", `'${this.label}'`);
  }
}

/** What an assignment gives: the same variable, without its name. */
class UnreadVariable extends AnyVariable {
  get label(): string {
    return 'UnreadVariable';
  }
}

const read = signature(
  'Variable',
  'initial_value?~ trainable?~ validate_shape?~ caching_device?~ name?~ variable_def?~ dtype?~ import_scope?~ ' +
    'constraint?~ synchronization?~ aggregation?~ shape?~',
);

/** The initial value that a caller asked for: of a dtype and a shape, if these are given. */
function asked(given: unknown, dtype: unknown, shape: unknown): CoreTensor {
  const value: unknown = typeof given === 'function' ? given() : given;
  if (value === undefined || value === null) {
    throw new ValueError(
      'missing-argument',
      'The `initial_value` arg to `tf.Variable` must be specified except when you are not providing a ' +
        '`variable_def`. You provided neither.',
    );
  }
  const start = initial(value, dtype === undefined || dtype === null ? null : dtypeArgument(dtype));
  if (shape !== undefined && shape !== null && !sameShape(intsArgument(shape, 'VarHandleOp'), start.shape)) {
    throw new ValueError(
      'shape-mismatch',
      `In this \`tf.Variable\` creation, the initial value's shape (${tuple(start.shape)}) is not compatible with ` +
        `the explicitly supplied \`shape\` argument (${repr(shape)}).`,
    );
  }
  return start;
}

/**
 * tf.Variable: a value that can be assigned. Trainable ones are watched by every tape that records while they are read.
 *
 * @example const w = new tf.Variable([1, 2], { name: 'w' }); w.assign_add([1, 1]); w.tolist() // [2, 3]
 */
export class Variable extends AnyVariable {
  /** The name, with the ":0" that TensorFlow adds. */
  readonly name: string;

  /**
   * @param initial_value what becomes a tensor, or a function that gives it; plain numbers are float32
   * @throws ValueError without a value, or for one of another dtype or shape than asked for
   */
  constructor(initial_value: TensorInput | (() => TensorInput), options?: VariableOptions);
  constructor(
    initial_value: TensorInput | (() => TensorInput),
    trainable: boolean | null,
    options?: Omit<VariableOptions, 'trainable'>,
  );
  constructor(...args: unknown[]) {
    const [given, trainable, , , name, , dtype, , , , , shape] = read(args);
    super(stateOf(asked(given, dtype, shape)), trainable !== false);
    this.name = `${name ?? 'Variable'}:0`;
  }

  get label(): string {
    return this.name;
  }
}
