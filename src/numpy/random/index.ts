/** np.random: NumPy's random numbers, the legacy functions on one RandomState, and default_rng. */

import { RandomState } from './legacy.js';

export { type BitGenerator, type Entropy, MT19937, PCG64, SeedSequence } from './bit_generators.js';
export { default_rng, Generator } from './generator.js';
export { type LegacySeed, type LegacyState, RandomState } from './legacy.js';

/** The generator of the functions below: one for the process, seeded from entropy until `seed` is called. */
const shared = new RandomState();

/** A method of the shared generator as a function, with all its overloads. */
const method = <K extends Exclude<keyof RandomState, '__repr__'>>(name: K): RandomState[K] =>
  Reflect.apply(Function.prototype.bind, shared[name], [shared]);

/**
 * np.random.seed: starts the stream of a seed, a number below 2^32 or a list of such.
 *
 * @throws ValueError for a seed outside of 0 to 2^32 - 1, TypeError_ for one that isn't whole
 * @example seed(0); randint(0, 10, 3).tolist() // [5, 0, 3]
 */
export const seed: RandomState['seed'] = method('seed');
/** np.random.get_state: the shared generator's whole state. */
export const get_state: RandomState['get_state'] = method('get_state');
/** np.random.set_state: the shared generator goes on from a state. */
export const set_state: RandomState['set_state'] = method('set_state');
/**
 * np.random.rand: numbers in [0, 1), of the sizes given one by one.
 *
 * @example seed(0); rand(2).tolist() // [0.5488135039273248, 0.7151893663724195]
 */
export const rand: RandomState['rand'] = method('rand');
/** np.random.randn: standard normal numbers, of the sizes given one by one. */
export const randn: RandomState['randn'] = method('randn');
/**
 * np.random.randint: whole numbers from low up to, and not with, high.
 *
 * @throws ValueError for an empty interval
 */
export const randint: RandomState['randint'] = method('randint');
/** np.random.random: numbers in [0, 1). */
export const random: RandomState['random'] = method('random');
/** np.random.random_sample: numbers in [0, 1). */
export const random_sample: RandomState['random_sample'] = method('random_sample');
/** np.random.ranf: as random_sample. */
export const ranf: RandomState['random_sample'] = random_sample;
/** np.random.sample: as random_sample. */
export const sample: RandomState['random_sample'] = random_sample;
/** np.random.uniform: numbers in [low, high). */
export const uniform: RandomState['uniform'] = method('uniform');
/** np.random.normal: normal numbers of mean loc and deviation scale. */
export const normal: RandomState['normal'] = method('normal');
/** np.random.standard_normal: normal numbers of mean 0 and deviation 1. */
export const standard_normal: RandomState['standard_normal'] = method('standard_normal');
/** np.random.exponential: exponential numbers of mean scale. */
export const exponential: RandomState['exponential'] = method('exponential');
/** np.random.permutation: a shuffled copy, or 0 to n - 1 in random order. */
export const permutation: RandomState['permutation'] = method('permutation');
/** np.random.shuffle: a list, or the rows of an array, in random order in place. */
export const shuffle: RandomState['shuffle'] = method('shuffle');
/** np.random.choice: items of a vector, or of 0 to a - 1. */
export const choice: RandomState['choice'] = method('choice');
