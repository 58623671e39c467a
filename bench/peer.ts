/** Other frameworks, in a process of their own beside this one. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Times by name; `seconds` is that of the call that was asked for. */
export interface Answer {
  readonly [name: string]: number | undefined;
  readonly seconds?: number;
}

/** Somebody else who times the same calls, a round at a time. */
export interface Peer {
  /** As it was asked for. */
  readonly framework: string;
  /** Name and version. */
  readonly name: string;
  /** Times what is asked for (one who knows what to time is asked nothing): what it answers, by name. */
  round(request?: object): Promise<Answer>;
  stop(): void;
}

/** A peer that can't be had; the message says what to do. */
export class NoPeer extends Error {}

/** From dist/bench/, where this runs, to the sources. */
const pathTo = (name: string): string => fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));

/** A Python that has the module: $PYTHON where that is set, else python3. */
function pythonWith(module: string): string {
  const { PYTHON = '' } = process.env;
  const python = PYTHON === '' ? 'python3' : PYTHON;
  const { status, error, stderr } = spawnSync(python, ['-c', `import ${module}`], { encoding: 'utf8' });
  if (status === 0) return python;
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new NoPeer(
    `no ${module} to compare with: ${python} says "${why}".\n` +
      `Name a Python that has it: PYTHON=/path/to/python npm run bench -- --peer ${module}`,
  );
}

/** This Node, where bench/node_modules has the package. */
function nodeWith(module: string): string {
  if (existsSync(pathTo(`node_modules/${module}`))) return process.execPath;
  throw new NoPeer(`no ${module} to compare with: run npm ci in bench/, which has its own node_modules`);
}

/**
 * glibc gives large blocks back to the kernel, and each new one costs a page fault every 4 KiB: half of PyTorch's time
 * on large results. So it is told to keep them.
 */
const KEEP_MEMORY = {
  MALLOC_MMAP_MAX_: '0',
  MALLOC_TOP_PAD_: String(2 ** 28),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
};

/** What runs each framework's programs. */
const COMMANDS: { readonly [framework: string]: () => string } = {
  torch: () => pythonWith('torch'),
  tfjs: () => nodeWith('@tensorflow/tfjs-backend-wasm'),
  onnx: () => nodeWith('onnxruntime-web'),
};

/**
 * Starts a peer.
 *
 * @param program a file in peers/ that writes one line of JSON when it is ready, and one for each line it reads
 * @throws NoPeer where that framework is nowhere to be had
 */
export async function startPeer(framework: string, program: string, args: readonly string[] = []): Promise<Peer> {
  const command = COMMANDS[framework]?.();
  if (command === undefined) throw new NoPeer(`no peer '${framework}', only ${Object.keys(COMMANDS).join(', ')}`);
  const child = spawn(command, [pathTo(`peers/${program}`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...KEEP_MEMORY },
  });
  // A peer that is gone is noticed where its answer is waited for.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<{ readonly [key: string]: unknown }> => {
    const { value, done } = await lines.next();
    if (done) throw new NoPeer(`${framework} ended before its time; its own message is above`);
    return JSON.parse(value);
  };
  const { version } = await next();
  return {
    framework,
    name: `${framework} ${version}`,
    async round(request) {
      child.stdin.write(`${request === undefined ? '' : JSON.stringify(request)}\n`);
      return Object.fromEntries(Object.entries(await next()).map(([call, time]) => [call, Number(time)]));
    },
    stop: () => child.stdin.end(),
  };
}

/** Starts all that are asked for; where one can't be had, those that have been started are stopped. */
export async function startPeers(
  frameworks: readonly string[],
  programs: { readonly [framework: string]: string },
  args: readonly string[] = [],
): Promise<Peer[]> {
  const peers: Peer[] = [];
  try {
    for (const framework of frameworks) peers.push(await startPeer(framework, programs[framework] ?? '', args));
  } catch (error) {
    for (const peer of peers) peer.stop();
    throw error;
  }
  return peers;
}
