/** What the heap has to say: how full it is, and when there is no more. */

import { OutOfMemoryError } from '../errors.js';
import type { DType } from '../shape/dtype.js';

/** How many groups of arrays an error names. */
const groupsShown = 4;

/** Bytes of all blocks that are not free, the most there ever were, and the most there can be. */
export interface HeapInfo {
  readonly used: number;
  readonly peak: number;
  readonly limit: number;
}

/** Live arrays of one dtype and length: how many, and the bytes of each. */
export interface Group {
  readonly dtype: DType;
  readonly length: number;
  readonly bytes: number;
  count: number;
}

/** What was asked for, and how things stand; in bytes. */
export interface Shortage {
  readonly dtype: DType;
  readonly length: number;
  readonly bytes: number;
  readonly used: number;
  readonly limit: number;
  /** The longest free piece, counting what the host has promised but not yet given. */
  readonly longest: number;
  readonly groups: readonly Group[];
  /** Whether what is unreachable was found and freed before giving up. */
  readonly collected: boolean;
}

/** Bytes as a person reads them: 96.0 MiB. */
export function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${(bytes / 2 ** 10).toFixed(1)} KiB`;
}

/** The largest groups, `12 x 96.0 MiB float32[25165824]`, and how many arrays there are besides. */
function holders(groups: readonly Group[]): string {
  const sorted = groups.toSorted((a, b) => b.count * b.bytes - a.count * a.bytes);
  const parts = sorted
    .slice(0, groupsShown)
    .map((group) => `${group.count} x ${formatBytes(group.bytes)} ${group.dtype}[${group.length}]`);
  let others = 0;
  let bytes = 0;
  for (const group of sorted.slice(groupsShown)) {
    others += group.count;
    bytes += group.count * group.bytes;
  }
  if (others > 0) parts.push(`${others} smaller ${others === 1 ? 'array' : 'arrays'} (${formatBytes(bytes)})`);
  return parts.join(', ');
}

const adviceCollected =
  'What could no longer be reached has been freed already: drop references to arrays you no longer need, ' +
  'free them early with tidy(), using or dispose(), or work on smaller pieces.';

const adviceNotCollected =
  'Here, what can no longer be reached is found only between turns of the event loop: free arrays early with ' +
  'tidy(), using or dispose(), or let the loop turn (await new Promise((done) => setTimeout(done))) and try again.';

/** The error for an array that has no room. */
export function outOfMemory(shortage: Shortage): OutOfMemoryError {
  const { dtype, length, bytes, used, limit, longest, groups, collected } = shortage;
  const asked = `out of memory: ${formatBytes(bytes)} asked for ${dtype}[${length}]`;
  const held =
    used === 0
      ? `nothing is held, and the limit is ${formatBytes(limit)}`
      : `${formatBytes(used)} of ${formatBytes(limit)} held by ${holders(groups)}`;
  // There would have been room, were it in one piece or had the host kept its promise.
  let why = '';
  if (bytes <= longest) why = '; the host refuses to give more';
  else if (used + bytes <= limit) why = `; the longest free piece is ${formatBytes(longest)}`;
  const advice = collected ? adviceCollected : adviceNotCollected;
  return new OutOfMemoryError('out-of-memory', `${asked}, ${held}${why}. ${advice}`);
}
