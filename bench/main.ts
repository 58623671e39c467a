/** `npm run bench`: times adjoint, and other frameworks beside it. */

import { parseArgs } from 'node:util';
import { type Benchmark, benchmarks } from './benchmark.js';
import { type Figure, measure, method, type Peer, ruler, sumRuler } from './measure.js';
import { NoPeer, startPeer } from './peer.js';
import { table } from './table.js';

const HELP = `npm run bench -- [name ...] [--peer torch] [--json]

  name          which benchmarks to run; without one, all
  --peer torch  times PyTorch as well, in turns; $PYTHON or python3 must have it
  --json        figures as JSON, for programs (npm run --silent bench -- --json)
`;

const list = (): string =>
  Object.entries(benchmarks)
    .map(([name, { title }]) => `  ${name.padEnd(12)}  ${title}\n`)
    .join('');

const write = (text: string): boolean => process.stdout.write(text);

interface Options {
  readonly json: boolean;
  readonly peer: string | undefined;
}

/** The peer of a benchmark, or null where none is asked for. */
async function peerFor(name: string, benchmark: Benchmark, framework: string | undefined): Promise<Peer | null> {
  if (framework === undefined) return null;
  const file = Object.hasOwn(benchmark.peers, framework) ? benchmark.peers[framework] : undefined;
  if (file === undefined) {
    throw new NoPeer(`${name} has no peer '${framework}', only ${Object.keys(benchmark.peers).join(', ')}`);
  }
  return startPeer(framework, file);
}

const asJson = ({ row, time, ruler: turns, peer }: Figure): object => ({
  door: row.door,
  what: row.what,
  microseconds: time,
  rulerMilliseconds: turns,
  recordedMicroseconds: row.recorded ?? null,
  peerMicroseconds: peer,
});

async function run(name: string, benchmark: Benchmark, { json, peer: framework }: Options): Promise<object> {
  const peer = await peerFor(name, benchmark, framework);
  try {
    const isColoured = process.stdout.isTTY && process.stdout.hasColors();
    if (!json) write(`\n${name}: ${benchmark.title} (Node ${process.versions.node}, ${method})\n\n`);
    const figures = await measure(benchmark.rows(), peer);
    const rulers = { empty: ruler(), sum: sumRuler() };
    if (!json) {
      write(table(figures, peer?.name ?? null, isColoured));
      write(`
  us        microseconds a call, the best batch
  ruler     for (let i = 0; i < 1e9; i++); in this process (now: ${rulers.empty.toFixed(0)} ms; with sum += i:
            ${rulers.sum.toFixed(0)} ms): what a figure from another machine is to be scaled by
  recorded  PyTorch 2.15, one core of the reference machine
  ratio     adjoint's time by the figure on its left; below 1, adjoint is faster
`);
    }
    return { name, peer: peer?.name ?? null, rulerMilliseconds: rulers, figures: figures.map(asJson) };
  } finally {
    peer?.stop();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, peer: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    write(`${HELP}\n${list()}`);
    return 0;
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined) {
    process.stderr.write(`bench: no benchmark '${unknown}'. There are:\n${list()}`);
    return 2;
  }
  const options = { json: values.json === true, peer: values.peer };
  if (positionals.length === 0 && !options.json) write(`The benchmarks:\n${list()}`);
  const results: object[] = [];
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (positionals.length === 0 || positionals.includes(name)) results.push(await run(name, benchmark, options));
  }
  if (options.json) write(`${JSON.stringify({ node: process.versions.node, benchmarks: results }, null, 2)}\n`);
  return 0;
}

/** Whether parseArgs refused an option. */
const isMisuse = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NoPeer || isMisuse(error))) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
