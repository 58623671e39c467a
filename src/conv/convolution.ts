/**
 * The one convolution, and its two adjoints.
 *
 * In one dimension: an input x of n cells, spread `inputDilation` = b apart, so that cell j stands at j*b, after `lo`
 * zeros; a kernel w of k taps, `kernelDilation` = d apart; an output y of m cells, `stride` = s apart. Cell o of the
 * output is the sum of the products of tap and cell that meet there:
 *
 *     y[o] = sum over t of w[t] * x[j],   where   o*s + t*d = j*b + lo                                            (1)
 *     m = floor((extent(n, b) + lo + hi - extent(k, d)) / s) + 1,   extent(n, b) = (n-1)*b + 1, and 0 for n = 0   (2)
 *
 * (1) treats its letters alike, and everything below follows from that. As y is linear in x and in w, the gradient by
 * x[j] is the sum of gy[o] * w[t] over all (o, t) that meet at j, and that by w[t] the sum of gy[o] * x[j] over all
 * (o, j) that meet at t: the same sum, solved for another letter.
 *
 * The other axes of the operands obey the same symmetry, which letters make plain:
 *
 *     input [g n c]    kernel [g o c]    output [g n o]        y[g n o] = sum over c of x[g n c] * w[g o c]       (3)
 *
 * with g the group, n the sample, c the channel that is summed over, o the channel that is made. Exchange c and o, and
 * (3) makes an [g n c] of a [g n o]: that is dX. Exchange c and n, and it makes a [g o c]: that is dW, the sum over
 * the batch. So no data ever moves for an adjoint; axes only get other letters. Feature groups are a g beside the
 * input's channels, batch groups a g beside its samples, and since an adjoint exchanges letters other than g, the
 * family of all these convolutions is closed under differentiation.
 */

/** One spatial axis: how cells, taps and outputs are spaced, and the zeros before and after (negative: cells cut). */
export interface Window {
  readonly stride: number;
  readonly lo: number;
  readonly hi: number;
  readonly inputDilation: number;
  readonly kernelDilation: number;
}

/**
 * A convolution of any rank. `input`, `kernel` and `output` name the axes of the operands in the order in which they
 * lie in memory: letters as in (3), digits for the spatial axes. A letter that is left out stands for a size of 1.
 */
export interface Convolution {
  readonly windows: readonly Window[];
  /** true: taps are read in reverse along every spatial axis (a convolution in the mathematician's sense). */
  readonly flip: boolean;
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  /** 'exact': no algorithm that divides. Left out: as the device is set. */
  readonly precision?: Precision;
}

/** The fastest sums, or those that are exact where operands are whole numbers (and somewhat closer elsewhere). */
export type Precision = 'fast' | 'exact';

/** Cells that `size` cells take up when they stand `dilation` apart. */
export const extent = (size: number, dilation: number): number => (size === 0 ? 0 : (size - 1) * dilation + 1);

/** (2): the number of outputs along one axis; 0 where the kernel is larger than the padded input. */
export function outputSize(window: Window, inputSize: number, kernelSize: number): number {
  const padded = extent(inputSize, window.inputDilation) + window.lo + window.hi;
  const room = padded - extent(kernelSize, window.kernelDilation);
  return room < 0 ? 0 : Math.floor(room / window.stride) + 1;
}

/** The `hi` that makes the number of outputs exactly `size`: (2) solved for hi, with no remainder of the stride. */
export function fitHi(window: Omit<Window, 'hi'>, inputSize: number, kernelSize: number, size: number): Window {
  const { stride, lo, inputDilation, kernelDilation } = window;
  const hi = (size - 1) * stride + extent(kernelSize, kernelDilation) - extent(inputSize, inputDilation) - lo;
  return { stride, lo, hi, inputDilation, kernelDilation };
}

/**
 * dX along one axis. In (1), let t' = k-1-t run through the taps backwards:
 *
 *     x[j] gathers w[k-1-t'] * gy[o],   where   j*b + t'*d = o*s + (k-1)*d - lo
 *
 * which is (1) with stride b, input dilation s, the kernel reversed, and lo' = (k-1)*d - lo. hi' follows from the size:
 * it comes out smaller than (k-1)*d - hi by just the remainder of the stride, the rows the forward pass never read.
 */
function windowOfInput(window: Window, n: number, k: number): Window {
  const { stride, lo, inputDilation, kernelDilation } = window;
  const adjoint = {
    stride: inputDilation,
    lo: (k - 1) * kernelDilation - lo,
    inputDilation: stride,
    kernelDilation,
  };
  return fitHi(adjoint, outputSize(window, n, k), k, n);
}

/**
 * dW along one axis. (1) as it stands, read with o as the tap and t as the output:
 *
 *     w[t] gathers gy[o] * x[j],   where   t*d + o*s = j*b + lo
 *
 * which is (1) with stride d, kernel dilation s and the same lo.
 */
function windowOfKernel(window: Window, n: number, k: number): Window {
  const { stride, lo, inputDilation, kernelDilation } = window;
  const adjoint = { stride: kernelDilation, lo, inputDilation, kernelDilation: stride };
  return fitHi(adjoint, n, outputSize(window, n, k), k);
}

/** Exchanges two letters in the names of axes. */
function exchange(axes: string, a: string, b: string): string {
  let exchanged = '';
  for (const letter of axes) exchanged += letter === a ? b : letter === b ? a : letter;
  return exchanged;
}

/** Where each letter stands in the names of axes; -1 for one left out. */
export interface Positions {
  readonly g: number;
  readonly n: number;
  readonly c: number;
  readonly o: number;
  /** The spatial axes. */
  readonly space: readonly number[];
}

const positionsByName = new Map<string, Positions>();

/** The positions of the letters, worked out once for each of the few names there are. */
export function positionsOf(axes: string): Positions {
  let positions = positionsByName.get(axes);
  if (positions === undefined) {
    const at = (letter: string): number => axes.indexOf(letter);
    positions = { g: at('g'), n: at('n'), c: at('c'), o: at('o'), space: [at('0'), at('1'), at('2')] };
    positionsByName.set(axes, positions);
  }
  return positions;
}

/** Size of one axis, by its position; 1 where the letter is left out. */
export const sizeAt = (shape: readonly number[], position: number): number =>
  position < 0 ? 1 : (shape[position] as number);

/** One window an axis, from the sizes of input and kernel along it. */
function mapWindows(
  spec: Convolution,
  inputShape: readonly number[],
  kernelShape: readonly number[],
  f: (window: Window, n: number, k: number) => Window,
): Window[] {
  const [cells, taps] = [positionsOf(spec.input).space, positionsOf(spec.kernel).space];
  return spec.windows.map((window, axis) =>
    f(window, sizeAt(inputShape, cells[axis] as number), sizeAt(kernelShape, taps[axis] as number)),
  );
}

const samePrecision = ({ precision }: Convolution): { precision?: Precision } =>
  precision === undefined ? {} : { precision };

/** The convolution that takes (gy, w) to dX: w's taps reversed, c and o exchanged. */
export function adjointOfInput(
  spec: Convolution,
  inputShape: readonly number[],
  kernelShape: readonly number[],
): Convolution {
  return {
    windows: mapWindows(spec, inputShape, kernelShape, windowOfInput),
    flip: !spec.flip,
    input: exchange(spec.output, 'c', 'o'),
    kernel: exchange(spec.kernel, 'c', 'o'),
    output: exchange(spec.input, 'c', 'o'),
    ...samePrecision(spec),
  };
}

/**
 * The convolution that takes (x, gy) to dW: c and n exchanged. Where `flip` reads the taps in reverse, the result is
 * dW in that reverse order, and whoever calls reverses it along the spatial axes.
 */
export function adjointOfKernel(
  spec: Convolution,
  inputShape: readonly number[],
  kernelShape: readonly number[],
): Convolution {
  return {
    windows: mapWindows(spec, inputShape, kernelShape, windowOfKernel),
    flip: false,
    input: exchange(spec.input, 'c', 'n'),
    kernel: exchange(spec.output, 'c', 'n'),
    output: exchange(spec.kernel, 'c', 'n'),
    ...samePrecision(spec),
  };
}
