/** The table of figures. */

import type { Machine } from '../peak.js';
import { type Column, fixed, toneOf } from '../table.js';
import { type Figure, speed } from './figure.js';
import { shapes, traffic } from './shapes.js';

/** A peer: as it was asked for, and its name and version. */
export interface PeerName {
  readonly framework: string;
  readonly name: string;
}

/** What our speed should be at least, as a part of PyTorch's: the mean, and each row. */
export const MEAN_SPEED = 0.6;
export const LEAST_SPEED = 0.2;

const megabytes = (bytes: number | undefined): string => fixed(1, bytes === undefined ? null : bytes / 1e6);

/** Milliseconds of the first call beyond those of the best. */
export const cold = ({ first, seconds }: Figure): number | null =>
  first === null ? null : 1000 * Math.max(0, first.seconds - seconds);

/** Part of the machine's copy bandwidth that a row uses, each operand counted once. */
export const bandwidth = ({ name, seconds }: Figure, { copy }: Machine): number =>
  traffic(shapes[name]) / seconds / 1e9 / copy;

const ofPeer = ({ framework, name }: PeerName): Column<Figure>[] => [
  { head: `${name} ms`, cell: ({ peers }) => fixed(2, scaled(peers[framework])) },
  {
    head: 'speed',
    cell: (figure) => fixed(2, speed(figure, framework)),
    tone: (figure) => {
      const value = speed(figure, framework);
      if (value === null || (value >= LEAST_SPEED && value < MEAN_SPEED)) return 'plain';
      return toneOf(value >= MEAN_SPEED);
    },
  },
];

const scaled = (seconds: number | null | undefined): number | null =>
  seconds === null || seconds === undefined ? null : 1000 * seconds;

export const columns = (machine: Machine, peers: readonly PeerName[]): Column<Figure>[] => [
  { head: '', cell: ({ name }) => name, isName: true },
  { head: 'pass', cell: ({ pass }) => pass, isName: true },
  { head: 'layout', cell: ({ layout, precision }) => `${layout}${precision === 'fast' ? '' : ' exact'}`, isName: true },
  { head: 'ms', cell: ({ seconds }) => fixed(2, 1000 * seconds) },
  { head: 'GFLOP/s', cell: ({ gflops }) => fixed(1, gflops) },
  { head: '% peak', cell: ({ gflops, threads }) => fixed(0, (100 * gflops) / (threads * machine.peak)) },
  { head: '% copy', cell: (figure) => fixed(0, 100 * bandwidth(figure, machine)) },
  ...peers.flatMap(ofPeer),
  { head: 'error', cell: ({ error }) => error.toExponential(1) },
  { head: 'heap MB', cell: ({ first }) => megabytes(first?.peak) },
  { head: 'scratch MB', cell: ({ first }) => megabytes(first?.scratch) },
  { head: 'cold ms', cell: (figure) => fixed(0, cold(figure)) },
  { head: '', cell: ({ algorithm }) => algorithm, isName: true, tone: () => 'dim' },
];
