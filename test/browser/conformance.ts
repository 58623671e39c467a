/**
 * The conformance core: what must hold wherever adjoint runs. A page imports this module, and so does the test, for the
 * names; only modules that both can load stand behind it.
 */

import { devices, type Info, info } from 'adjoint';
import type { Cases } from './agree.js';
import { core } from './core.js';
import { recorded } from './recorded.js';

export const cases: Cases = { ...core, ...recorded };

export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  /** What went wrong. */
  readonly detail: string;
}

/** All cases, one after the other. */
export async function run(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, hold] of Object.entries(cases)) {
    try {
      await hold();
      outcomes.push({ name, ok: true, detail: '' });
    } catch (error) {
      outcomes.push({ name, ok: false, detail: String((error instanceof Error && error.stack) || error) });
    }
  }
  return outcomes;
}

export interface Environment {
  readonly isolated: boolean;
  readonly cores: number;
  readonly devices: readonly string[];
  readonly info: Info;
}

/** Where a page finds itself. */
export const environment = (): Environment => ({
  isolated: crossOriginIsolated,
  cores: navigator.hardwareConcurrency,
  devices: devices(),
  info: info(),
});
