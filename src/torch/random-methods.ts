/** Methods that fill a tensor with random numbers, the same as PyTorch's from the same generator. */

import { signature } from '../door/signature.js';
import type { TypedArray } from '../shape/dtype.js';
import type { Foreign } from '../tensor/foreign.js';
import type { Tensor as CoreTensor } from '../tensor/tensor.js';
import { intArgument, numberArgument } from './arguments.js';
import type { CpuGenerator } from './generator.js';
import { arranged, orderInMemory } from './memory-order.js';
import { InPlaceMethods } from './methods/inplace.js';
import { bernoulli, exponential, normal, randint, random, uniform } from './random.js';
import { exponentialDType, floatingFor, generatorArgument, probabilities } from './random-arguments.js';

interface Source {
  readonly generator?: CpuGenerator | null;
}

const readUniform = signature('uniform_', 'from? to? generator=~');
const readNormal = signature('normal_', 'mean? std? generator=~');
const readExponential = signature('exponential_', 'lambd? generator=~');
const readBernoulli = signature('bernoulli_', 'p? generator=~');
const readRandom = signature('random_', 'from? to?~ generator=~');

/** What PyTorch's tensors can be filled with. */
export abstract class RandomMethods extends InPlaceMethods {
  /** Another value in place of the one there is. */
  abstract assign(value: CoreTensor): this;

  abstract stride(): readonly number[];
  abstract is_contiguous(): boolean;

  /** Has drawn numbers take the place of the elements, in the order of memory; `gradFn` is what PyTorch calls that. */
  #filled(gradFn: string, draw: () => TypedArray): this {
    const { shape, dtype } = this.borrowed;
    const run = (): CoreTensor => arranged(draw(), shape, dtype, orderInMemory(this.stride()));
    return this.assignRow({ name: 'random', read: (args) => args, gradFn, run, isView: false }, []);
  }

  /**
   * In place: uniform numbers in [from, to).
   *
   * @throws RuntimeError for bounds that are no finite interval, NotImplementedError for integers
   * @example
   * torch.manual_seed(0);
   * torch.zeros(3).uniform_(-1, 1) // tensor([-0.0075,  0.5364, -0.8230])
   */
  uniform_(from?: number, to?: number, options?: Source): this;
  uniform_(options: Source & { readonly from?: number; readonly to?: number }): this;
  uniform_(from: number, options: Source & { readonly to?: number }): this;
  uniform_(...args: unknown[]): this {
    const [from, to, source] = readUniform(args);
    const { size, dtype } = this.borrowed;
    const low = numberArgument(from, 'uniform_', 'from', 0);
    const high = numberArgument(to, 'uniform_', 'to', 1);
    const generator = generatorArgument(source, 'uniform_');
    const name = floatingFor('check_uniform_bounds', dtype);
    return this.#filled('UniformBackward0', () => uniform(generator, size, name, low, high));
  }

  /** In place: normal numbers. */
  normal_(mean?: number, std?: number, options?: Source): this;
  normal_(options: Source & { readonly mean?: number; readonly std?: number }): this;
  normal_(mean: number, options: Source & { readonly std?: number }): this;
  normal_(...args: unknown[]): this {
    const [mean, std, source] = readNormal(args);
    const { size, dtype } = this.borrowed;
    const center = numberArgument(mean, 'normal_', 'mean', 0);
    const width = numberArgument(std, 'normal_', 'std', 1);
    const generator = generatorArgument(source, 'normal_');
    const name = floatingFor('normal_kernel_cpu', dtype);
    const isWhole = this.is_contiguous();
    return this.#filled('NormalBackward0', () => normal(generator, size, name, center, width, isWhole));
  }

  /** In place: numbers of density lambd exp(-lambd x). */
  exponential_(lambd?: number, options?: Source): this;
  exponential_(options: Source & { readonly lambd?: number }): this;
  exponential_(...args: unknown[]): this {
    const [lambd, source] = readExponential(args);
    const { size, dtype } = this.borrowed;
    const rate = numberArgument(lambd, 'exponential_', 'lambd', 1);
    const generator = generatorArgument(source, 'exponential_');
    const name = exponentialDType(dtype);
    return this.#filled('ExponentialBackward0', () => exponential(generator, size, name, rate));
  }

  /** In place: ones with probability p, or with the probabilities of a tensor; else zeros. */
  bernoulli_(p?: number | Foreign, options?: Source): this;
  bernoulli_(options: Source & { readonly p?: number | Foreign }): this;
  bernoulli_(...args: unknown[]): this {
    const [p, source] = readBernoulli(args);
    const { shape, size, dtype } = this.borrowed;
    const generator = generatorArgument(source, 'bernoulli_');
    const chances = probabilities(p, shape, 'bernoulli_', orderInMemory(this.stride()));
    const gradFn = typeof chances === 'number' ? 'BernoulliBackward2' : 'BernoulliBackward1';
    return this.#filled(gradFn, () => bernoulli(generator, size, chances, dtype));
  }

  /** In place: whole numbers; random_() up to the greatest of the dtype, random_(to) below to, random_(from, to). */
  random_(to?: number, options?: Source): this;
  random_(from: number, to: number | null, options?: Source): this;
  random_(options: Source & { readonly from?: number; readonly to?: number | null }): this;
  random_(...args: unknown[]): this {
    const [first, second, source] = readRandom(args);
    const { size, dtype } = this.borrowed;
    const generator = generatorArgument(source, 'random_');
    if (first === undefined && second === undefined) {
      return this.#filled('RandomBackward2', () => random(generator, size, dtype));
    }
    const isOnlyEnd = second === undefined;
    const from = isOnlyEnd ? 0 : intArgument(first ?? 0, 'random_', 'from');
    if (second === null) return this.#filled('RandomBackward0', () => random(generator, size, dtype, from));
    const to = intArgument(isOnlyEnd ? first : second, 'random_', 'to');
    const gradFn = isOnlyEnd ? 'RandomBackward1' : 'RandomBackward0';
    return this.#filled(gradFn, () => randint(generator, size, from, to, dtype));
  }
}
