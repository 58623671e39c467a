/** Convolutions of the sizes that networks have, forward and both gradients. */

import { device, threads as setThreads } from '../../src/index.js';
import { barsAsJson, barTable } from '../bar.js';
import type { Benchmark, Settings } from '../benchmark.js';
import { choose, chooseCounts } from '../choices.js';
import { type Machine, measureMachine } from '../peak.js';
import { startPeers } from '../peer.js';
import { startProgress } from '../progress.js';
import { type Column, fixed, table } from '../table.js';
import { bars, type Mean, means } from './bars.js';
import { algorithmOf, type Case } from './calls.js';
import { columns, type PeerName } from './columns.js';
import { type Figure, measure } from './figure.js';
import { describe, layouts, passes, type ShapeName, shapeNames, shapes } from './shapes.js';
import { PATIENCE, QUICK } from './turns.js';

const PEERS = { torch: 'torch_conv.py', tfjs: 'tfjs_conv.mjs', onnx: 'onnx_conv.mjs' };

/** The cases asked for; those that would go otherwise when exact, twice. */
function casesOf({ choices }: Settings, names: readonly ShapeName[]): Case[] {
  return names.flatMap((name) =>
    choose('passes', choices.passes, passes).flatMap((pass) =>
      choose('layout', choices.layout, layouts).flatMap((layout) => {
        const fast: Case = { name, pass, layout, precision: 'fast' };
        const exact: Case = { ...fast, precision: 'exact' };
        return algorithmOf(exact) !== algorithmOf(fast) ? [fast, exact] : [fast];
      }),
    ),
  );
}

/** Measures all cases on a number of threads, and prints their table. */
async function measureAll(cases: readonly Case[], threads: number, settings: Settings, machine: Machine) {
  const peers = await startPeers(settings.peers, PEERS, [String(threads)]);
  const progress = startProgress(cases.length);
  const figures: Figure[] = [];
  try {
    for (const given of cases) {
      progress.step(`${given.name} ${given.pass} ${given.layout}, ${threads} thread(s)`);
      figures.push(await measure({ ...given, threads }, peers, settings.quick));
    }
  } finally {
    progress.end();
    for (const peer of peers) peer.stop();
  }
  const names: PeerName[] = peers.map(({ framework, name }) => ({ framework, name }));
  settings.write(`\n${device()}, threads: ${threads}\n\n`);
  settings.write(table(columns(machine, names), figures, settings.isColoured));
  return { figures, names };
}

const MEAN_COLUMNS: readonly Column<Mean>[] = [
  { head: 'our speed by', cell: ({ framework }) => framework, isName: true },
  { head: 'layout', cell: ({ layout }) => layout, isName: true },
  { head: 'precision', cell: ({ precision }) => precision, isName: true },
  { head: 'threads', cell: ({ threads }) => `${threads}` },
  { head: 'geometric mean', cell: ({ mean }) => fixed(2, mean) },
  { head: 'least', cell: ({ least }) => fixed(2, least) },
  { head: 'rows', cell: ({ rows }) => `${rows}` },
];

const LEGEND = `
  GFLOP/s   flops of the direct algorithm by the best call's time; its result is released in that time
  % peak    of the peak above, times the threads; more than 100 where an algorithm does with fewer flops
  % copy    of the bandwidth above, each operand counted once
  speed     the peer's time by adjoint's: above 1, adjoint is faster
  error     the largest difference from float64 by the largest value, of about 2000 elements
  heap      operands, result and scratch of one call in a process of its own; cold: what that call, which has kernels
            to compile and threads to start, took beyond the best one
`;

function head(names: readonly ShapeName[], { peak, isRelaxed, copy }: Machine): string {
  const kind = isRelaxed ? 'relaxed multiply-add' : 'multiply and add';
  return `
  peak of one thread    ${peak.toFixed(1)} GFLOP/s (128-bit vectors, ${kind})
  copy bandwidth        ${copy.toFixed(1)} GB/s, read and written
${names.map((name) => `  ${name}  ${describe(shapes[name])}\n`).join('')}`;
}

async function run(settings: Settings): Promise<object> {
  const { write, choices, quick, isColoured } = settings;
  const names = choose('shapes', choices.shapes, shapeNames);
  const counts = chooseCounts('threads', choices.threads, [1, 2]);
  const cases = casesOf(settings, names);
  const { rounds, round } = quick ? QUICK : PATIENCE;
  write(`best call of ${rounds} rounds of ${1000 * round} ms\n`);
  const machine = measureMachine();
  write(head(names, machine));
  const figures: Figure[] = [];
  const peers = new Map<string, string>();
  for (const threads of counts) {
    if (setThreads(threads) !== threads) {
      write(`\nthreads: ${threads} can't be had here\n`);
      continue;
    }
    const measured = await measureAll(cases, threads, settings, machine);
    figures.push(...measured.figures);
    for (const { framework, name } of measured.names) peers.set(framework, name);
  }
  const allMeans = means(figures, [...peers.keys()], ['fast', 'exact']);
  const allBars = bars(figures, machine);
  write(LEGEND);
  if (allMeans.length > 0) write(`\n${table(MEAN_COLUMNS, allMeans, isColoured)}`);
  write(`\n${barTable(allBars, isColoured)}`);
  return {
    machine,
    device: device(),
    peers: Object.fromEntries(peers),
    figures,
    means: allMeans,
    bars: barsAsJson(allBars),
  };
}

export const conv: Benchmark = {
  title: 'convolutions of the sizes that networks have, forward and both gradients',
  peers: PEERS,
  run,
};
