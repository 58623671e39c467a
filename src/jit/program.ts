/** A graph made ready to run: steps in order, and for every value the place where its elements will be. */

import { wasmDevice } from '../device/device.js';
import { threadScratch, type WasmDevice } from '../device/wasm.js';
import { heap, smallBytes } from '../heap/heap.js';
import type { Plan } from '../kernel/launch.js';
import type { Allocate, Operand, Params, Primitive, PrimitiveName, Typed } from '../ops/primitive.js';
import { table } from '../ops/table.js';
import { type ArrayOf, type DType, type TypedArray, viewArray } from '../shape/dtype.js';
import { Buffer } from '../tensor/buffer.js';
import { Tensor } from '../tensor/tensor.js';
import { type Call, type Graph, nodeAt } from './graph.js';
import { type Place, type Places, planPlaces, View } from './places.js';
import { schedule } from './schedule.js';
import type { Step } from './step.js';

/** An arena no larger than this that no plan needs is kept between runs, as an ordinary array. */
const mostKept = 16384;

/** A step, bound to its places. */
interface Bound {
  run(arena: Arena): void;
}

/** Where the arena of a run begins, and the scratch at its end. */
interface Arena {
  readonly base: number;
  readonly scratch: number;
}

const bytesIn = ({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array =>
  viewArray.uint8(buffer, byteOffset, byteLength);

/** A step that the reference does. */
function boundReference<N extends PrimitiveName>(call: Call<N>, operands: readonly Operand[], result: Place): Bound {
  const primitive: Primitive<Params[N]> = table[call.name];
  const give: Allocate = <D extends DType>(): ArrayOf[D] => result.array as ArrayOf[D];
  return {
    run() {
      const array = primitive.reference(operands, call.params, call.type, give);
      if (array !== result.array) bytesIn(result.array).set(bytesIn(array));
    },
  };
}

/** A step that the device does. */
function boundPlan(device: WasmDevice, plan: Plan, buffers: readonly Place[], extra: readonly number[]): Bound {
  const addresses: number[] = [];
  return {
    run({ base, scratch }) {
      let n = 0;
      for (const place of buffers) addresses[n++] = place.address;
      for (const at of extra) addresses[n++] = base + at;
      device.runAt(plan, addresses, scratch);
    },
  };
}

/** The value of a graph's output: elements of a place, in a shape. */
interface Result {
  readonly type: Typed;
  readonly place: Place;
  /** The first output of the same place, if that is another. */
  readonly twin: number | null;
}

const holdOf = (value: Tensor | undefined): Buffer => (value as Tensor).buffer.hold();

/** The elements of a place, for a result to have. */
function bufferOf({ origin, offset, array }: Place, args: readonly Tensor[]): Buffer {
  if (origin.kind === 'argument') return holdOf(args[origin.position]);
  if (origin.kind === 'constant') return origin.buffer.hold();
  // A small one that a plan has computed lies in the arena.
  return new Buffer(offset < 0 ? array : array.slice());
}

export class Program {
  readonly steps: readonly Step[];
  readonly #places: Places;
  readonly #device: WasmDevice | null;
  readonly #bound: readonly Bound[];
  readonly #results: readonly Result[];
  readonly #arguments: readonly { readonly place: Place; readonly position: number }[];
  /** Results that are computed where they stay. */
  readonly #fresh: readonly Place[];
  /** The arena's bytes; 0 where there is none, or one is kept. */
  readonly #arenaBytes: number;
  /** Of each thread. */
  readonly #scratchBytes: number;

  /** Made for the device that is current now. */
  constructor(graph: Graph) {
    const steps = schedule(graph);
    const places = planPlaces(graph, steps);
    const device = wasmDevice();
    this.steps = steps;
    this.#places = places;
    this.#device = typeof device === 'string' || places.inMemory.length === 0 ? null : device;
    this.#bound = steps.map((step, i) => this.#bind(graph, step, places.extras[i] ?? []));
    const outputs = graph.outputs.map((id) => places.of.get(id) as Place);
    this.#results = graph.outputs.map((id, i) => {
      const place = outputs[i] as Place;
      const first = outputs.indexOf(place);
      return { type: nodeAt(graph.nodes, id).type, place, twin: first < i ? first : null };
    });
    for (const place of places.all) {
      const { origin } = place;
      if (origin.kind !== 'constant') continue;
      place.array = origin.buffer.array;
      if (place.offset >= 0) place.known = bytesIn(place.array);
    }
    this.#arguments = places.all.flatMap((place) =>
      place.origin.kind === 'argument' ? [{ place, position: place.origin.position }] : [],
    );
    this.#fresh = places.all.filter(({ origin, offset }) => origin.kind === 'output' && offset < 0);
    this.#scratchBytes = Math.max(0, ...steps.map(({ plan }) => (plan === null ? 0 : threadScratch(plan))));
    const isKept = this.#device === null && places.bytes <= mostKept;
    this.#arenaBytes = isKept ? 0 : places.bytes;
    if (isKept) this.#view(new Uint8Array(places.bytes));
  }

  #bind(graph: Graph, step: Step, extra: readonly number[]): Bound {
    const place = (id: number): Place => this.#places.of.get(id) as Place;
    const { plan, operands, result, call, buffers = [...operands, result] } = step;
    if (plan !== null && this.#device !== null) {
      return boundPlan(this.#device, plan, buffers.map(place), extra);
    }
    const views = operands.map((id) => new View(nodeAt(graph.nodes, id).type, place(id)));
    return boundReference(call, views, place(result));
  }

  /** The results, of new arrays; or of an argument's own elements, where a result is one. */
  run(args: readonly Tensor[]): Tensor[] {
    let arena: TypedArray | null = null;
    try {
      for (const { place, position } of this.#arguments) place.array = (args[position] as Tensor).array;
      for (const place of this.#fresh) place.array = heap.allocate(place.dtype, place.size);
      arena = this.#open();
      const at = this.#settle(arena);
      for (const step of this.#bound) step.run(at);
      return this.#collect(args);
    } catch (error) {
      for (const place of this.#fresh) heap.release(place.array);
      throw error;
    } finally {
      if (arena !== null) heap.release(arena);
      for (const { place } of this.#arguments) place.leave();
      for (const place of this.#fresh) place.leave();
      if (this.#arenaBytes > 0) for (const place of this.#places.viewed) place.leave();
    }
  }

  /** The block of a run: what is temporary, and at its end scratch for the threads; null: none is needed. */
  #open(): TypedArray | null {
    const threads = this.#device?.pool.threads ?? 0;
    const bytes = this.#arenaBytes + this.#scratchBytes * threads;
    return bytes === 0 ? null : heap.allocate('float64', Math.max(bytes, smallBytes) / 8);
  }

  /** Gives each part of an arena to its place. */
  #view(arena: TypedArray): void {
    for (const place of this.#places.viewed) {
      place.array = heap.partOf(arena, place.dtype, place.offset, place.size);
    }
  }

  /** Fills in where everything is in this run. */
  #settle(arena: TypedArray | null): Arena {
    const base = arena?.byteOffset ?? 0;
    if (arena !== null) {
      this.#view(arena);
      const bytes = heap.partOf(arena, 'uint8', 0, arena.byteLength);
      for (const { known, array, offset } of this.#places.staged) bytes.set(known ?? bytesIn(array), offset);
    }
    for (const place of this.#places.inMemory) {
      place.address = place.offset < 0 ? place.array.byteOffset : base + place.offset;
    }
    return { base, scratch: base + this.#arenaBytes };
  }

  #collect(args: readonly Tensor[]): Tensor[] {
    const values: Tensor[] = [];
    for (const { type, place, twin } of this.#results) {
      values.push(new Tensor(type.shape, type.dtype, twin === null ? bufferOf(place, args) : holdOf(values[twin])));
    }
    return values;
  }
}
