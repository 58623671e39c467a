/** The slow reference: what convolution means, for a whole ConvSpec. All else is compared with it. */
import type { ConvSpec } from 'adjoint';
import { type Plain, places } from './plain.js';

/** A size, or an index, by the letter of its axis. */
const by = (letters: string, list: readonly number[]) => (l: string) => list[letters.indexOf(l)] as number;

/** The element at a place; zero outside, and between cells. */
const read = ({ shape, data }: Plain, place: readonly number[]): number =>
  place.every((i, a) => Number.isInteger(i) && i >= 0 && i < (shape[a] as number))
    ? (data[place.reduce((position, i, a) => position * (shape[a] as number) + i, 0)] as number)
    : 0;

/** Cell o of the output sums over channels c and taps t; on each axis it meets the cell j with o*s + t*d = j*b + lo. */
export function convolution(x: Plain, w: Plain, { layout, ...spec }: ConvSpec): Plain {
  const letters = ['W', 'HW', 'DHW'][spec.stride.length - 1] ?? '';
  const [X, W] = [by(layout.input, x.shape), by(layout.kernel, w.shape)];
  const axes = [...letters].map((l, a) => {
    const [s = 1, b = 1, d = 1] = [spec.stride[a], spec.inputDilation[a], spec.kernelDilation[a]];
    const [[lo, hi] = [0, 0], n, k] = [spec.padding[a], X(l), W(l)];
    const size = Math.max(0, Math.floor((lo + (n && (n - 1) * b + 1) + hi - ((k - 1) * d + 1)) / s) + 1);
    const around = (j: number): number => (spec.paddingMode === 'circular' ? ((j % n) + n) % n : j);
    const place = spec.flip ? (t: number) => (k - 1 - t) * d - lo : (t: number) => t * d - lo;
    return { size, cell: (o: number, t: number) => around((o * s + place(t)) / b) };
  });
  const sizes = [X('N') / spec.batchGroups, W('O'), ...axes.map(({ size }) => size)];
  const shape = [...layout.output].map(by(`NC${letters}`, sizes));
  const data = places(shape).map((place) => {
    const y = by(layout.output, place);
    const sample = y('N') + (Math.floor((y('C') * spec.batchGroups) / W('O')) * X('N')) / spec.batchGroups;
    const channel = Math.floor((y('C') * spec.featureGroups) / W('O')) * W('I');
    return places([...`I${letters}`].map(W)).reduce((sum, [c = 0, ...taps]) => {
      const cells = axes.map(({ cell }, a) => cell(y(letters.charAt(a)), taps[a] as number));
      const from = [...layout.input].map(by(`NC${letters}`, [sample, channel + c, ...cells]));
      return sum + read(x, from) * read(w, [...layout.kernel].map(by(`OI${letters}`, [y('C'), c, ...taps])));
    }, 0);
  });
  return { shape, data };
}
