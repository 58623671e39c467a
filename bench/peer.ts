/** Other frameworks, in a process of their own beside this one. */

import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Peer } from './measure.js';

/** A peer that can't be had; the message says what to do. */
export class NoPeer extends Error {}

/** From dist/bench/, where this runs, to the sources. */
const script = (name: string): string => fileURLToPath(new URL(`../../bench/peers/${name}`, import.meta.url));

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

/**
 * Starts a peer.
 *
 * @param name a file in peers/ that writes one line of JSON when it is ready, and one for each line it reads
 * @throws NoPeer where there is no Python with that framework
 */
export async function startPeer(framework: string, name: string): Promise<Peer> {
  const child = spawn(pythonWith(framework), [script(name)], { stdio: ['pipe', 'pipe', 'inherit'] });
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
    name: `${framework} ${version}`,
    async round() {
      child.stdin.write('\n');
      return Object.fromEntries(Object.entries(await next()).map(([call, time]) => [call, Number(time)]));
    },
    stop: () => child.stdin.end(),
  };
}
