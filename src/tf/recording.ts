/**
 * What the tapes know of the graph.
 *
 * Nodes are left behind by whatever is computed from a recorded value while some tape is active; here stands which of
 * them belong to which tape. A tape sees the nodes that it watches, and those made while it was recording (their
 * sequence numbers fall into its intervals) from operands that it sees.
 */

import { table } from '../ops/table.js';
import type { Foreign } from '../tensor/foreign.js';
import { Node, record, type Tensor } from '../tensor/tensor.js';

/** A leaf that a tape made, or a variable: nobody outside this door takes gradients by it. */
export class TapeLeaf extends Node {}

/** The sequence number of whatever is recorded next. */
const now = (): number => new Node().sequence;

const active: Recording[] = [];

/** Whether any tape is recording. */
export const isRecording = (): boolean => active.length > 0;

/** The recordings that are going on, the innermost last. */
export const recordings: readonly Recording[] = active;

/** Whether an active tape may see a node. */
export function isOfActiveTape(node: Node | null): boolean {
  if (node === null) return false;
  for (const recording of active) if (recording.covers(node)) return true;
  return false;
}

/** The same value under a node of its own, if it is recorded. */
export const recordedCopy = (x: Tensor): Tensor =>
  x.node === null ? x : record(table.convert, { dtype: x.dtype }, [x], x.plain);

/** What one tape has recorded. */
export class Recording {
  /** Whether trainable variables are watched when they are read. */
  readonly watchesAccess: boolean;
  readonly #watched = new Set<Node>();
  readonly #variables = new Map<Node, Foreign>();
  /** First and (not included) last sequence number, again and again; while recording, the last end is missing. */
  readonly #intervals: number[] = [];
  #overlapped = false;

  constructor(watchesAccess: boolean) {
    this.watchesAccess = watchesAccess;
  }

  get isActive(): boolean {
    return active.includes(this);
  }

  /** Whether another tape recorded at the same time, and so may need the same nodes. */
  get overlapped(): boolean {
    return this.#overlapped;
  }

  start(): void {
    active.push(this);
    if (active.length > 1) for (const recording of active) recording.#overlapped = true;
    this.#intervals.push(now());
  }

  stop(): void {
    active.splice(active.indexOf(this), 1);
    this.#intervals.push(now());
  }

  /** Takes gradients by a node from now on; by a variable's, it is said whose. */
  watch(node: Node, variable?: Foreign): void {
    this.#watched.add(node);
    if (variable !== undefined) this.#variables.set(node, variable);
  }

  /** The variables that are watched, in the order in which they were made. */
  get variables(): Foreign[] {
    return [...this.#variables].sort(([a], [b]) => a.sequence - b.sequence).map(([, variable]) => variable);
  }

  /** Watched, or made while this was recording: but not necessarily from what it watches. */
  covers(node: Node): boolean {
    if (this.#watched.has(node)) return true;
    const { sequence } = node;
    const intervals = this.#intervals;
    for (let i = 0; i < intervals.length; i += 2) {
      if (sequence >= (intervals[i] as number) && sequence < (intervals[i + 1] ?? Number.POSITIVE_INFINITY))
        return true;
    }
    return false;
  }

  /** Those of some nodes, given in order of making, that this tape sees. */
  seen(nodes: readonly Node[]): Set<Node> {
    const seen = new Set<Node>();
    for (const node of nodes) {
      const isSeen = (): boolean => node.inputs.some((input) => input.node !== null && seen.has(input.node));
      if (this.#watched.has(node) || (this.covers(node) && isSeen())) seen.add(node);
    }
    return seen;
  }
}
