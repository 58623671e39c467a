/** Where the values of a graph have their elements while it runs, and which temporary ones share their place. */

import { smallBytes } from '../heap/heap.js';
import { extraBytes } from '../kernel/launch.js';
import type { Operand, Typed } from '../ops/primitive.js';
import { bytesOf } from '../plan/plan.js';
import type { DType, TypedArray } from '../shape/dtype.js';
import { type Shape, sizeOf } from '../shape/shape.js';
import type { Buffer } from '../tensor/buffer.js';
import { type Graph, nodeAt } from './graph.js';
import { layOut, type Need } from './memory.js';
import type { Step } from './step.js';

/** Blocks of the arena begin at multiples of this: a cache line. */
const unit = 64;
export const aligned = (bytes: number): number => Math.ceil(bytes / unit) * unit;

const NOTHING: TypedArray = new Uint8Array(0);

/** Elements that are given, known, or computed: as a result, or for a while. */
export type Origin =
  | { readonly kind: 'argument'; readonly position: number }
  | { readonly kind: 'constant'; readonly buffer: Buffer }
  | { readonly kind: 'output' }
  | { readonly kind: 'temporary' };

/** A place for elements. While the program runs it holds them, so that nobody frees them meanwhile. */
export class Place {
  readonly origin: Origin;
  readonly dtype: DType;
  readonly size: number;
  readonly bytes: number;
  /** Where it lies in the arena, in bytes; -1: elsewhere. */
  offset = -1;
  array: TypedArray = NOTHING;
  /** The bytes of a small constant. */
  known: Uint8Array | null = null;
  address = 0;

  constructor(origin: Origin, type: Typed) {
    this.origin = origin;
    this.dtype = type.dtype;
    this.size = sizeOf(type.shape);
    this.bytes = bytesOf(type);
  }

  /** Forgets the elements. */
  leave(): void {
    this.array = NOTHING;
  }
}

/** A place as an operand of some shape. */
export class View implements Operand {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #place: Place;

  constructor({ shape, dtype }: Typed, place: Place) {
    this.shape = shape;
    this.dtype = dtype;
    this.#place = place;
  }

  get array(): TypedArray {
    return this.#place.array;
  }
}

/** The steps in which a place is used, and by whom. */
interface Use {
  first: number;
  last: number;
  byPlan: boolean;
  byReference: boolean;
}

export interface Places {
  /** The place of each node's elements: one for all that reshape each other. */
  readonly of: ReadonlyMap<number, Place>;
  /** Each once. */
  readonly all: readonly Place[];
  /** Those that plans read or write. */
  readonly inMemory: readonly Place[];
  /** Those in the arena that are read or written as arrays, too. */
  readonly viewed: readonly Place[];
  /** Those given from outside of which there must be a copy in the arena. */
  readonly staged: readonly Place[];
  /** For each step, where what its plan needs besides lies in the arena. */
  readonly extras: readonly (readonly number[])[];
  /** The arena's size, but for scratch. */
  readonly bytes: number;
}

/** The place of each node that a step or a result needs. */
function placesOf(graph: Graph, steps: readonly Step[]): Map<number, Place> {
  const { nodes } = graph;
  const places = new Map<number, Place>();
  const outputs = new Set(graph.outputs);
  const position = new Map(graph.inputs.map((id, i) => [id, i]));
  // A reshape has its operand's place, which is an output's where the reshape is an output.
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodeAt(nodes, id);
    if (outputs.has(id) && node.kind === 'call' && node.name === 'reshape') outputs.add(node.operands[0] as number);
  }
  const needed = new Set([...graph.outputs, ...steps.flatMap(({ operands, result }) => [...operands, result])]);
  const place = (id: number): Place => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const node = nodeAt(nodes, id);
    const made = ((): Place => {
      if (node.kind === 'argument')
        return new Place({ kind: 'argument', position: position.get(id) as number }, node.type);
      if (node.kind === 'constant') return new Place({ kind: 'constant', buffer: node.buffer }, node.type);
      if (node.name === 'reshape') return place(node.operands[0] as number);
      return new Place({ kind: outputs.has(id) ? 'output' : 'temporary' }, node.type);
    })();
    places.set(id, made);
    return made;
  };
  for (const id of needed) place(id);
  return places;
}

/** When each place is first and last used. */
function usesOf(of: ReadonlyMap<number, Place>, steps: readonly Step[]): Map<Place, Use> {
  const uses = new Map<Place, Use>();
  steps.forEach(({ operands, result, plan }, i) => {
    for (const id of [...operands, result]) {
      const place = of.get(id) as Place;
      const use = uses.get(place) ?? { first: i, last: i, byPlan: false, byReference: false };
      use.last = i;
      if (plan === null) use.byReference = true;
      else use.byPlan = true;
      uses.set(place, use);
    }
  });
  return uses;
}

/**
 * Places for a graph's values. In the arena are the temporary ones, what plans need besides, and, small as they are,
 * copies of those arguments, constants and results that plans could not reach elsewhere.
 */
export function planPlaces(graph: Graph, steps: readonly Step[]): Places {
  const of = placesOf(graph, steps);
  const uses = usesOf(of, steps);
  const needs: Need[] = [];
  const inArena: Place[] = [];
  const [inMemory, viewed, staged]: [Place[], Place[], Place[]] = [[], [], []];
  for (const [place, { first, last, byPlan, byReference }] of uses) {
    const { kind } = place.origin;
    if (byPlan) inMemory.push(place);
    if (kind !== 'temporary' && !(byPlan && place.bytes < smallBytes)) continue;
    inArena.push(place);
    const isGiven = kind === 'argument' || kind === 'constant';
    if (isGiven) staged.push(place);
    else if (byReference || kind === 'output') viewed.push(place);
    needs.push({ bytes: place.bytes, from: isGiven ? 0 : first, to: kind === 'output' ? steps.length : last });
  }
  const blocks = steps.map(({ plan }) =>
    plan === null ? [] : plan.extra.map((buffer) => aligned(extraBytes(buffer))),
  );
  blocks.forEach((sizes, i) => {
    needs.push({ bytes: sizes.reduce((sum, size) => sum + size, 0), from: i, to: i });
  });
  const { offsets, bytes } = layOut(needs, unit);
  inArena.forEach((place, i) => {
    place.offset = offsets[i] as number;
  });
  const extras = blocks.map((sizes, i) => {
    let at = offsets[inArena.length + i] as number;
    return sizes.map((size) => {
      at += size;
      return at - size;
    });
  });
  return { of, all: [...new Set(of.values())], inMemory, viewed, staged, extras, bytes };
}
