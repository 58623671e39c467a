/** A training loop of small steps: whether memory stays as it is, and what each primitive costs. */

import { conv, grad, info, type Tensor, tensor } from '../src/index.js';
import { table as primitives } from '../src/ops/table.js';
import { type Bar, barsAsJson, barTable } from './bar.js';
import type { Benchmark, Settings } from './benchmark.js';
import { startProgress } from './progress.js';
import { least } from './statistics.js';
import { type Column, fixed, table } from './table.js';

const STEPS = 20_000;
const QUARTERS = 4;
const RATE = 0.01;

/** 2 images of 12x12, 4 kernels of 3x3, and a linear layer for one number an image: arrays of 1 to 4 KiB. */
const [IMAGES, SIZE, KERNELS] = [2, 12, 4];
const FEATURES = KERNELS * (SIZE - 2) ** 2;

const ramp = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 4),
    { shape },
  );
};

interface Model {
  readonly kernel: Tensor;
  readonly weights: Tensor;
}

/** A step of gradient descent on the squared error: forward, backward, and new parameters. */
function makeStep(): (model: Model) => Model {
  const [images, targets] = [ramp([IMAGES, 1, SIZE, SIZE]), ramp([IMAGES, 1])];
  const loss = (kernel: Tensor, weights: Tensor): Tensor => {
    const features = conv(images, kernel);
    const squares = features.mul(features).reshape([IMAGES, FEATURES]);
    const off = squares.matmul(weights).sub(targets);
    return off.mul(off).sum();
  };
  const gradients = grad(loss, { argnums: [0, 1] });
  return ({ kernel, weights }) => {
    const [byKernel, byWeights] = gradients(kernel, weights);
    return { kernel: descend(kernel, byKernel), weights: descend(weights, byWeights) };
  };
}

function descend(parameter: Tensor, gradient: Tensor | undefined): Tensor {
  return gradient === undefined ? parameter : parameter.sub(gradient.mul(RATE));
}

/** How many primitives a call applies: each asks its own record for the result's shape, just once. */
export function countPrimitives(call: () => unknown): number {
  let count = 0;
  const records = Object.values(primitives).map((primitive) => ({ primitive, shape: primitive.shape }));
  for (const { primitive, shape } of records) {
    Object.assign(primitive, {
      shape(...args: Parameters<typeof shape>) {
        count++;
        return Reflect.apply(shape, primitive, args);
      },
    });
  }
  try {
    call();
  } finally {
    for (const { primitive, shape } of records) Object.assign(primitive, { shape });
  }
  return count;
}

/** How things stand after some of the steps. */
interface Stand {
  readonly steps: number;
  /** Microseconds a step, and a primitive, since the stand before. */
  readonly perStep: number;
  readonly perPrimitive: number;
  /** Bytes. */
  readonly used: number;
  readonly peak: number;
  readonly resident: number;
}

const megabytes = (bytes: number): string => fixed(2, bytes / 1e6);

const COLUMNS: readonly Column<Stand>[] = [
  { head: 'steps', cell: ({ steps }) => `${steps}` },
  { head: 'us a step', cell: ({ perStep }) => fixed(1, perStep) },
  { head: 'us a primitive', cell: ({ perPrimitive }) => fixed(2, perPrimitive) },
  { head: 'heap used MB', cell: ({ used }) => megabytes(used) },
  { head: 'heap peak MB', cell: ({ peak }) => megabytes(peak) },
  { head: 'resident MB', cell: ({ resident }) => megabytes(resident) },
];

/** Memory is flat where the second half of the steps needs no more than the first did: not to be seen in a few. */
function bars(stands: readonly Stand[], isQuick: boolean): Bar[] {
  const [half, end] = [stands[QUARTERS / 2 - 1], stands[QUARTERS - 1]];
  const growth = (of: (stand: Stand) => number): number | null => (half && end && !isQuick ? of(end) / of(half) : null);
  const dispatch = least(stands.map(({ perPrimitive }) => perPrimitive));
  return [
    {
      what: 'heap peak after all steps by that after half',
      figure: growth(({ peak }) => peak),
      bar: 1.1,
      side: 'most',
    },
    { what: 'resident memory, likewise', figure: growth(({ resident }) => resident), bar: 1.1, side: 'most' },
    { what: 'us a primitive, the best quarter', figure: dispatch, bar: 10, side: 'most' },
  ];
}

async function run({ write, quick, isColoured }: Settings): Promise<object> {
  const total = quick ? STEPS / 10 : STEPS;
  write(`${total} steps\n`);
  const step = makeStep();
  let model: Model = { kernel: ramp([KERNELS, 1, 3, 3]), weights: ramp([FEATURES, 1]) };
  const count = countPrimitives(() => step(model));
  const progress = startProgress(QUARTERS);
  const stands: Stand[] = [];
  for (let quarter = 1; quarter <= QUARTERS; quarter++) {
    progress.step('quarters');
    const steps = total / QUARTERS;
    const start = performance.now();
    for (let i = 0; i < steps; i++) model = step(model);
    const perStep = (1000 * (performance.now() - start)) / steps;
    const { used, peak } = info().heap;
    const resident = process.memoryUsage.rss();
    stands.push({ steps: quarter * steps, perStep, perPrimitive: perStep / count, used, peak, resident });
  }
  progress.end();
  write(`\n${table(COLUMNS, stands, isColoured)}
  ${count} primitives a step, with their gradients; nothing is freed by hand, and the loop never yields

${barTable(bars(stands, quick), isColoured)}`);
  return { primitives: count, quarters: stands, bars: barsAsJson(bars(stands, quick)) };
}

export const train: Benchmark = { title: 'a training loop of small steps: memory and dispatch', peers: {}, run };
