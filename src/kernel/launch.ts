/** Kernels with what they work on: what an operation becomes, what the verifier proves, and what devices run. */

import type { Kernel } from './program.js';

/** An outermost loop, cut into blocks that threads take: start = i * block, count = min(block, total - start). */
export interface Blocks {
  readonly total: number;
  readonly block: number;
}

export const blockCount = ({ total, block }: Blocks): number => Math.ceil(total / block);

/** The address of a buffer of the plan, plus some bytes. */
export interface Address {
  readonly buffer: number;
  readonly offset: number;
}

export type Argument = number | Address;

export interface Launch {
  readonly kernel: Kernel;
  readonly args: readonly Argument[];
  /** Tasks are all combinations of blocks, the last dimension running fastest. They don't depend on each other. */
  readonly grid: readonly Blocks[];
  /** Bytes that each thread has to itself. */
  readonly scratchBytes: number;
}

/** How many tasks a launch is cut into. */
export const taskCount = ({ grid }: Launch): number => grid.reduce((count, blocks) => count * blockCount(blocks), 1);

/** A range of memory that addresses may point into. */
export interface Region {
  readonly bytes: number;
  /** Least and largest number in a table of i32, where these are known. */
  readonly values?: readonly [lo: number, hi: number];
}

/** Numbers worked out beforehand that kernels read: offsets, above all. */
export interface Table {
  readonly numbers: Int32Array;
}

/** Memory that is there while the plan runs. */
export interface Temporary {
  readonly bytes: number;
}

export interface Plan {
  /** What explain() calls it. */
  readonly algorithm: string;
  /** Bytes of the operands and of the result, which are buffers 0, 1, ... in this order. */
  readonly operands: readonly number[];
  /** The buffers after these. */
  readonly extra: readonly (Table | Temporary)[];
  /** Run one after the other, each when the one before is done. */
  readonly launches: readonly Launch[];
  /** For explain(): what is computed at once, and why by this algorithm. */
  readonly tile: string;
  readonly why: string;
}

export const isTable = (buffer: Table | Temporary): buffer is Table => 'numbers' in buffer;

export const extraBytes = (buffer: Table | Temporary): number =>
  isTable(buffer) ? buffer.numbers.byteLength : buffer.bytes;

function rangeOf(numbers: Int32Array): readonly [number, number] {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of numbers) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return [lo, hi];
}

/** All buffers as the verifier wants them. */
export function regionsOf(plan: Plan): Region[] {
  const extra = plan.extra.map((buffer): Region => {
    const bytes = extraBytes(buffer);
    return isTable(buffer) ? { bytes, values: rangeOf(buffer.numbers) } : { bytes };
  });
  return [...plan.operands.map((bytes) => ({ bytes })), ...extra];
}
