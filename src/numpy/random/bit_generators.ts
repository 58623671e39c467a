/** np.random.SeedSequence, PCG64 and MT19937: where the words come from. */

import { TypeError_, ValueError } from '../../errors.js';
import { Mt19937, STATE_WORDS } from '../../random/mt19937.js';
import { Pcg64, type Pcg64State } from '../../random/pcg64.js';
import { poolOf, stateOf, wordsOf } from '../../random/seed-sequence.js';
import type { Words } from '../../random/words.js';
import { isForeign } from '../../tensor/foreign.js';
import { newTensor } from '../../tensor/tensor.js';
import { repr, str } from '../../text/python.js';
import { integer } from '../axes.js';
import { ndarray } from '../ndarray.js';

/** A whole number from 0 on, or lists of these; null for fresh entropy. */
export type Entropy = number | bigint | readonly Entropy[] | ndarray | null;

const refuse = (given: unknown): TypeError_ =>
  new TypeError_('bad-argument', `SeedSequence expects int or sequence of ints for entropy not ${str(given)}`);

/** Entropy as 32-bit words, the lowest first. */
function entropyWords(given: unknown): number[] {
  const value = isForeign(given) ? new ndarray(given.toCore()).tolist({ bigint: true }) : given;
  if (Array.isArray(value)) return value.flatMap(entropyWords);
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!isWhole) throw refuse(given);
  if (value < 0) throw new ValueError('bad-argument', 'expected non-negative integer');
  return wordsOf(BigInt(value));
}

/** 128 bits of the host's entropy. */
const fresh = (): bigint =>
  crypto.getRandomValues(new Uint32Array(4)).reduce((value, word) => (value << 32n) | BigInt(word), 0n);

/**
 * np.random.SeedSequence: entropy of any length, well mixed, from which generators take their state.
 *
 * @throws ValueError for a negative number, TypeError_ for what is none
 * @example new random.SeedSequence(3).generate_state(2).tolist() // [1576890651, 2902887791]
 */
export class SeedSequence {
  readonly entropy: Entropy;
  readonly spawn_key: readonly number[];
  n_children_spawned = 0;
  readonly #pool: Uint32Array;

  constructor(entropy: Entropy = null, keywords: { readonly spawn_key?: readonly number[] } = {}) {
    this.entropy = entropy ?? fresh();
    this.spawn_key = [...(keywords.spawn_key ?? [])];
    this.#pool = poolOf(entropyWords(this.entropy), entropyWords(this.spawn_key));
  }

  /** Words of 32 bits, as int64 (there is no uint32). */
  generate_state(n_words: number): ndarray {
    return new ndarray(newTensor([...this.words(integer(n_words, 'n_words'))], [n_words], 'int64'));
  }

  /** `count` words, plain. */
  words(count: number): Uint32Array {
    return stateOf(this.#pool, count);
  }

  /** So many sequences of their own, which differ from this one and from each other. */
  spawn(n_children: number): SeedSequence[] {
    return Array.from({ length: integer(n_children, 'n_children') }, () => {
      const spawn_key = [...this.spawn_key, this.n_children_spawned++];
      return new SeedSequence(this.entropy, { spawn_key });
    });
  }

  __repr__(): string {
    const key =
      this.spawn_key.length > 0
        ? `    spawn_key=(${this.spawn_key.join(', ')}${this.spawn_key.length === 1 ? ',' : ''}),\n`
        : '';
    const children = this.n_children_spawned > 0 ? `    n_children_spawned=${this.n_children_spawned},\n` : '';
    return `SeedSequence(\n    entropy=${repr(this.entropy)},\n${key}${children})`;
  }
}

/** What a Generator draws from. */
export interface BitGenerator {
  readonly name: 'PCG64' | 'MT19937';
  readonly words: Words;
}

type Seed = Entropy | SeedSequence;

const sequenceOf = (seed: Seed): SeedSequence => (seed instanceof SeedSequence ? seed : new SeedSequence(seed));

/**
 * np.random.PCG64: the bit generator of `default_rng`.
 *
 * @throws as SeedSequence
 */
export class PCG64 implements BitGenerator {
  readonly name = 'PCG64';
  readonly seed_seq: SeedSequence;
  readonly #words: Pcg64;

  constructor(seed: Seed = null) {
    this.seed_seq = sequenceOf(seed);
    this.#words = Pcg64.seeded(this.seed_seq.words(8));
  }

  get words(): Words {
    return this.#words;
  }

  /** NumPy's dict of the whole state; may be assigned, to go on from there. */
  get state(): { readonly bit_generator: 'PCG64'; readonly state: Pick<Pcg64State, 'state' | 'inc'> } & Pick<
    Pcg64State,
    'has_uint32' | 'uinteger'
  > {
    const { state, inc, has_uint32, uinteger } = this.#words.state;
    return { bit_generator: 'PCG64', state: { state, inc }, has_uint32, uinteger };
  }

  set state(given: { readonly bit_generator: 'PCG64'; readonly state: Pick<Pcg64State, 'state' | 'inc'> } & Pick<
    Pcg64State,
    'has_uint32' | 'uinteger'
  >) {
    if (given.bit_generator !== 'PCG64') throw new ValueError('data-invalid', 'state must be for a PCG64 RNG');
    const { state, has_uint32, uinteger } = given;
    this.#words.state = { ...state, has_uint32, uinteger };
  }
}

/**
 * np.random.MT19937: the Mersenne Twister, seeded by a SeedSequence (RandomState seeds it the legacy way).
 *
 * @throws as SeedSequence
 */
export class MT19937 implements BitGenerator {
  readonly name = 'MT19937';
  readonly seed_seq: SeedSequence;
  readonly words: Mt19937 = new Mt19937();

  constructor(seed: Seed = null) {
    this.seed_seq = sequenceOf(seed);
    this.words.state.set(this.seed_seq.words(STATE_WORDS));
    this.words.state[0] = 0x80000000;
    // NumPy draws the last word first.
    this.words.next = STATE_WORDS - 1;
    this.words.left = 2;
  }
}
