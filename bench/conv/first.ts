/** The first call of a shape never seen, in a process of its own: how long it takes, and what memory it needs. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Row } from './figure.js';

/** What the process says. */
export interface FirstCall {
  /** Seconds of the call: kernels are built, compiled and loaded in it, threads are started. */
  readonly seconds: number;
  /** Bytes of the heap at most: operands, result, scratch. */
  readonly peak: number;
  /** Bytes beside operands and result. */
  readonly scratch: number;
}

/** Has `firstCallHere.ts` run on a row. */
export function firstCall(row: Row): FirstCall {
  const program = fileURLToPath(new URL('./firstCallHere.js', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, program, JSON.stringify(row)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the process of ${row.name} ${row.pass} ended with status ${status}`);
  return JSON.parse(stdout);
}
