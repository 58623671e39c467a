/** `npm run bench`: times adjoint, and other frameworks beside it. */

import { parseArgs } from 'node:util';
import { type Benchmark, benchmarks, type Settings } from './benchmark.js';
import { Misuse } from './choices.js';
import { NoPeer } from './peer.js';

const HELP = `npm run bench -- [name ...] [--peer torch] [--quick] [--json] ...

  name              which benchmarks to run; without one, all
  --peer torch      times PyTorch as well, in turns; $PYTHON or python3 must have it
  --peer tfjs       the same with tfjs-wasm, --peer onnx with onnxruntime-web: npm ci in bench/ gets both
  --quick           less time a figure, and no processes of their own: for a look, not for figures to keep
  --json            figures as JSON, for programs (npm run --silent bench -- --json)

  For conv, each without the option all:
  --shapes A,B      of A to H
  --passes y,dx,dw  forward and the two gradients
  --layout NCHW     or NHWC
  --threads 1       or 2, or any
`;

const list = (): string =>
  Object.entries(benchmarks)
    .map(([name, { title }]) => `  ${name.padEnd(12)}  ${title}\n`)
    .join('');

const write = (text: string): boolean => process.stdout.write(text);

const OPTIONS = {
  json: { type: 'boolean' },
  quick: { type: 'boolean' },
  help: { type: 'boolean' },
  peer: { type: 'string', multiple: true },
  shapes: { type: 'string' },
  passes: { type: 'string' },
  layout: { type: 'string' },
  threads: { type: 'string' },
} as const;

/** The benchmarks that are named, or all. */
function chosen(names: readonly string[]): [string, Benchmark][] {
  const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined) throw new Misuse(`no benchmark '${unknown}'. There are:\n${list()}`);
  return Object.entries(benchmarks).filter(([name]) => names.length === 0 || names.includes(name));
}

/** A peer serves the benchmarks that it has a program for: at least one. */
function checkPeers(peers: readonly string[], running: readonly [string, Benchmark][]): void {
  for (const peer of peers) {
    if (running.some(([, benchmark]) => Object.hasOwn(benchmark.peers, peer))) continue;
    const known = running.map(([name, benchmark]) => `${name}: ${Object.keys(benchmark.peers).join(', ') || 'none'}`);
    throw new Misuse(`no peer '${peer}' here. There are, for ${known.join('; for ')}`);
  }
}

async function run(name: string, benchmark: Benchmark, settings: Settings): Promise<object> {
  settings.write(`\n${name}: ${benchmark.title} (Node ${process.versions.node})\n`);
  const peers = settings.peers.filter((peer) => Object.hasOwn(benchmark.peers, peer));
  return { name, ...(await benchmark.run({ ...settings, peers })) };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  if (values.help) {
    write(`${HELP}\n${list()}`);
    return;
  }
  const running = chosen(positionals);
  const settings: Settings = {
    peers: [...new Set(values.peer ?? [])],
    quick: values.quick === true,
    choices: { shapes: values.shapes, passes: values.passes, layout: values.layout, threads: values.threads },
    write: values.json === true ? () => {} : write,
    isColoured: process.stdout.isTTY && process.stdout.hasColors(),
  };
  checkPeers(settings.peers, running);
  if (positionals.length === 0) settings.write(`The benchmarks:\n${list()}`);
  const results: object[] = [];
  for (const [name, benchmark] of running) results.push(await run(name, benchmark, settings));
  if (values.json) write(`${JSON.stringify({ node: process.versions.node, benchmarks: results }, null, 2)}\n`);
}

/** Whether parseArgs refused an option. */
const isRefusal = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

try {
  await main();
} catch (error) {
  if (!(error instanceof NoPeer || error instanceof Misuse || isRefusal(error))) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
