/** Convolution by its definition in plain loops, fast enough for sizes that kernels work on. */

import type { ConvSpec } from 'adjoint';
import type { Plain } from '../reference/plain.js';

/** An axis of an array by its letter: its length, and how far apart neighbours lie. An absent one has length 1. */
const axesOf =
  (letters: string, shape: readonly number[]) =>
  (letter: string): { readonly size: number; readonly step: number } => {
    const at = letters.indexOf(letter);
    if (at < 0) return { size: 1, step: 0 };
    return { size: shape[at] as number, step: shape.slice(at + 1).reduce((product, n) => product * n, 1) };
  };

type Meeting = readonly [cell: number, tap: number];

/** For each cell of the output along a spatial axis, the input's cells and the taps that meet there, as offsets. */
function meetings(letter: string, x: Plain, w: Plain, spec: ConvSpec): Meeting[][] {
  const input = axesOf(spec.layout.input, x.shape)(letter);
  const kernel = axesOf(spec.layout.kernel, w.shape)(letter);
  const a = spec.stride.length - 3 + 'DHW'.indexOf(letter);
  const [stride = 1, apart = 1, dilation = 1] = [spec.stride[a], spec.inputDilation[a], spec.kernelDilation[a]];
  const [lo, hi] = spec.padding[a] ?? [0, 0];
  const room = lo + (input.size - 1) * apart + hi - (kernel.size - 1) * dilation;
  return Array.from({ length: Math.floor(room / stride) + 1 }, (_, o) =>
    Array.from({ length: kernel.size }, (_unused, t): Meeting[] => {
      const cell = (o * stride + t * dilation - lo) / apart;
      const tap = spec.flip ? kernel.size - 1 - t : t;
      const meets = Number.isInteger(cell) && cell >= 0 && cell < input.size;
      return meets ? [[cell * input.step, tap * kernel.step]] : [];
    }).flat(),
  );
}

/** y for any ConvSpec without paddingMode. */
export function directly(x: Plain, w: Plain, spec: ConvSpec): Plain {
  const { layout, batchGroups, featureGroups } = spec;
  const [X, W] = [axesOf(layout.input, x.shape), axesOf(layout.kernel, w.shape)];
  const [batch, outputs, inputs] = [X('N').size / batchGroups, W('O').size, W('I').size];
  const [depth, height, width] = [...'DHW'].map((letter) => meetings(letter, x, w, spec)) as [
    Meeting[][],
    Meeting[][],
    Meeting[][],
  ];
  const sizes = { N: batch, C: outputs, D: depth.length, H: height.length, W: width.length };
  const shape = [...layout.output].map((letter) => sizes[letter as keyof typeof sizes]);
  const Y = axesOf(layout.output, shape);
  const data = new Array<number>(shape.reduce((product, n) => product * n, 1)).fill(0);

  /** The sum over channels and taps that meet at one place. */
  const sumAt = (from: number, kernel: number, [ds, hs, ws]: readonly [Meeting[], Meeting[], Meeting[]]): number => {
    let sum = 0;
    for (const [xd, wd] of ds) {
      for (const [xh, wh] of hs) {
        for (const [xw, ww] of ws) {
          for (let c = 0; c < inputs; c++) {
            const value = x.data[from + xd + xh + xw + c * X('C').step] as number;
            sum += value * (w.data[kernel + wd + wh + ww + c * W('I').step] as number);
          }
        }
      }
    }
    return sum;
  };

  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const sample = n + Math.floor((o * batchGroups) / outputs) * batch;
      const channel = Math.floor((o * featureGroups) / outputs) * inputs;
      const from = sample * X('N').step + channel * X('C').step;
      for (const [d, ds] of depth.entries()) {
        for (const [h, hs] of height.entries()) {
          for (const [v, ws] of width.entries()) {
            const to = n * Y('N').step + o * Y('C').step + d * Y('D').step + h * Y('H').step + v * Y('W').step;
            data[to] = sumAt(from, o * W('O').step, [ds, hs, ws]);
          }
        }
      }
    }
  }
  return { shape, data };
}
