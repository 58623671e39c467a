/** One row of the benchmark, measured: our time, those of the peers, and how far off the result is. */

import type { Tensor } from '../../src/index.js';
import type { Peer } from '../peer.js';
import { algorithmOf, type Case, callOf } from './calls.js';
import { type FirstCall, firstCall } from './first.js';
import { operandsOf, placeIn } from './operands.js';
import { errorOf, type Sample, sampleOf } from './reference.js';
import { flops, outputSize, resultOf, shapes } from './shapes.js';
import { best, inTurns, PATIENCE, type Party, QUICK } from './turns.js';

/** A case on a number of threads. */
export interface Row extends Case {
  readonly threads: number;
}

export interface Figure extends Row {
  /** Seconds of the best call. */
  readonly seconds: number;
  /** Billions of flops of the direct algorithm a second. */
  readonly gflops: number;
  readonly algorithm: string;
  /** The largest difference from float64 by the largest value. */
  readonly error: number;
  /** Seconds of each peer's best call; null where it has none. */
  readonly peers: { readonly [framework: string]: number | null };
  /** Null where no process was to be started for it. */
  readonly first: FirstCall | null;
}

/** Our speed by a peer's, which is its time by ours; null where there is none. */
export function speed({ peers, seconds }: Figure, framework: string): number | null {
  const theirs = peers[framework] ?? null;
  return theirs === null ? null : theirs / seconds;
}

/** Samples that earlier rows were compared with. */
const samples = new Map<string, Sample>();

/** What a pass should make of a set of operands. */
function expected({ name, pass }: Case, set: number): Sample {
  const key = `${name} ${pass} ${set}`;
  const sample = samples.get(key) ?? sampleOf(shapes[name], pass, operandsOf(shapes[name], set));
  samples.set(key, sample);
  return sample;
}

/** The error of a call's result. */
function errorOfCall(call: () => Tensor, given: Case, set: number): number {
  using result = call();
  const { data } = result;
  if (data instanceof BigInt64Array) throw new TypeError(`${given.name} ${given.pass} gave int64`);
  return errorOf(data, expected(given, set), placeIn(shapes[given.name], resultOf[given.pass], given.layout));
}

const partyOf = (peer: Peer, { name, pass, layout }: Case): Party => {
  const shape = shapes[name];
  const request = { ...shape, outputSize: outputSize(shape), pass, layout };
  return async (seconds) => (await peer.round({ ...request, seconds })).seconds ?? Infinity;
};

/** Measures a row, the peers beside us. */
export async function measure(row: Row, peers: readonly Peer[], isQuick: boolean): Promise<Figure> {
  const shape = shapes[row.name];
  const calls = [0, 1].map((set) => callOf(row, operandsOf(shape, set)));
  const ours: Party = (time) => best(calls, time);
  const parties = [ours, ...peers.map((peer) => partyOf(peer, row))];
  const [seconds = Infinity, ...theirs] = await inTurns(parties, isQuick ? QUICK : PATIENCE);
  const finite = (time: number | undefined): number | null => (Number.isFinite(time) ? (time ?? null) : null);
  return {
    ...row,
    seconds,
    gflops: flops(shape) / seconds / 1e9,
    algorithm: algorithmOf(row),
    error: Math.max(...calls.map((call, set) => errorOfCall(call, row, set))),
    peers: Object.fromEntries(peers.map(({ framework }, i) => [framework, finite(theirs[i])])),
    first: isQuick ? null : firstCall(row),
  };
}
