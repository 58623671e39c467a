/** torch.Generator, and the random state of the process: torch.manual_seed and its kin. */

import { signature } from '../door/signature.js';
import { RuntimeError, TypeError_ } from '../errors.js';
import { type Foreign, isForeign } from '../tensor/foreign.js';
import { newTensor } from '../tensor/tensor.js';
import { inspectByRepr } from '../text/python.js';
import { isWhole, wrongType } from './arguments.js';
import { checkDevice } from './dtype.js';
import { CpuGenerator, defaultGenerator, useGenerator } from './generator.js';
import { Tensor } from './tensor.js';

const readGenerator = signature('Generator', 'device?~');

/**
 * torch.Generator: a stream of random numbers of its own, for the `generator` of whatever draws.
 *
 * @example
 * const generator = new torch.Generator().manual_seed(0);
 * torch.randperm(4, { generator }) // tensor([0, 1, 3, 2])
 */
export class Generator extends CpuGenerator {
  static {
    inspectByRepr(Generator.prototype);
  }

  constructor(device?: 'cpu' | { readonly device?: 'cpu' });
  constructor(...args: unknown[]) {
    checkDevice(readGenerator(args)[0], 'Generator');
    super();
  }

  /** Where it draws: there is no other place. */
  get device(): 'cpu' {
    return 'cpu';
  }

  /** The whole state as a uint8 tensor, byte for byte PyTorch's. */
  get_state(): Tensor {
    const bytes = this.save();
    return new Tensor(newTensor(bytes, [bytes.length], 'uint8'));
  }

  /** Goes on from a state that get_state gave. */
  set_state(new_state: Foreign): this {
    return this.restore(stateBytes(new_state));
  }

  __repr__(): string {
    return '<torch._C.Generator object>';
  }

  override toString(): string {
    return this.__repr__();
  }
}

/** @throws TypeError_ for what is no tensor of bytes */
function stateBytes(state: unknown): Uint8Array {
  const core = isForeign(state) ? state.toCore() : null;
  if (core?.dtype === 'uint8' && core.array instanceof Uint8Array) return core.array;
  throw new TypeError_('bad-argument', 'RNG state must be a torch.ByteTensor');
}

/** The default generator, which becomes one with PyTorch's methods once somebody sees it. */
function seenGenerator(): Generator {
  const current = defaultGenerator();
  if (current instanceof Generator) return current;
  const seen = new Generator();
  seen.restore(current.save());
  useGenerator(seen);
  return seen;
}

const readSeed = signature('manual_seed', 'seed');

/** torch.manual_seed: starts the default stream; the same numbers as PyTorch's from there. */
export function manual_seed(seed: number | bigint | { readonly seed: number | bigint }): Generator;
export function manual_seed(...args: unknown[]): Generator {
  const [seed] = readSeed(args);
  if (isWhole(seed) || typeof seed === 'bigint') return seenGenerator().manual_seed(seed);
  throw wrongType('manual_seed', 'seed', 'int', seed);
}

/** torch.seed: seeds the default stream from the host's entropy, and returns the seed. */
export const seed = (): number => defaultGenerator().seed();

/** torch.initial_seed: the last seed of the default stream; a bigint where a number would not hold it exactly. */
export const initial_seed = (): number | bigint => defaultGenerator().initial_seed();

/** torch.get_rng_state: the state of the default stream, as a uint8 tensor. */
export const get_rng_state = (): Tensor => seenGenerator().get_state();

/** torch.set_rng_state: has the default stream go on from a state. */
export function set_rng_state(new_state: Foreign): void {
  defaultGenerator().restore(stateBytes(new_state));
}

/** torch.random.fork_rng: runs the callback (or, as a `using` declaration, the rest of the block), then puts the random
 * state back as it was. */
export function fork_rng<T>(body: () => T): T;
export function fork_rng(): Disposable;
export function fork_rng(body?: () => unknown): unknown {
  const saved = defaultGenerator().save();
  const back = { [Symbol.dispose]: (): void => void defaultGenerator().restore(saved) };
  if (body === undefined) return back;
  if (typeof body !== 'function') throw new RuntimeError('bad-argument', 'fork_rng takes a function');
  try {
    return body();
  } finally {
    back[Symbol.dispose]();
  }
}
