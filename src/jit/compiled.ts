/** A traced function for tensors of fixed shapes: its program, and, where gradients are taken, those of its derivative. */

import { vjp } from '../autodiff/transforms.js';
import { currentDevice } from '../device/device.js';
import type { Typed } from '../ops/primitive.js';
import { type Rule, record, type Tensor } from '../tensor/tensor.js';
import { tracer } from '../tensor/tracer.js';
import { differentiate, type Flat, type Pullback } from './derivative.js';
import { type Graph, replay } from './graph.js';
import { optimise } from './optimise.js';
import { Program } from './program.js';
import { trace } from './trace.js';

/** How a result is differentiated. */
interface Pull extends Pullback {
  /** Gradients by the targets, from that by the result and what is read. */
  readonly short: Compiled;
  /** The same from that by the result and all arguments, which it can be differentiated by again. */
  readonly whole: Compiled;
}

/** The function when gradients are taken by some of its arguments. */
interface Derivative {
  /** Gives, behind the results, values that gradients read. */
  readonly forward: Compiled;
  readonly pulls: readonly (Pull | null)[];
}

/** The rule of one call's result. */
function ruleOf(pull: Pull, count: number): Rule {
  // All gradients are computed together, and asked for one after the other: kept as long as what they come from.
  const given = new WeakMap<Tensor, Map<number, Tensor>>();
  const gradientsBy = (gradient: Tensor, inputs: readonly Tensor[]): Map<number, Tensor> => {
    const args = inputs.slice(0, count);
    const list = args.some(({ node }) => node !== null)
      ? pull.whole.call([gradient, ...args])
      : pull.short.call([gradient, ...pull.reads.map((i) => inputs[i] as Tensor)]);
    return new Map(pull.targets.map((target, i) => [target, list[i] as Tensor]));
  };
  return {
    name: 'jit',
    saves: 'inputs',
    vjp({ gradient, inputs }, argument) {
      if (!pull.targets.includes(argument)) return null;
      let gradients = given.get(gradient);
      if (!gradients?.has(argument)) {
        gradients = gradientsBy(gradient, inputs);
        given.set(gradient, gradients);
      }
      const asked = gradients.get(argument) ?? null;
      // It is the asker's now, who may dispose of it.
      gradients.delete(argument);
      return asked;
    },
  };
}

export class Compiled {
  readonly #f: Flat;
  readonly #recorded: Flat;
  readonly #types: readonly Typed[];
  #graph: Graph | undefined;
  #program: Program | undefined;
  #device: ReturnType<typeof currentDevice> | undefined;
  readonly #derivatives = new Map<string, Derivative>();

  /**
   * @param recorded the same function, for operands that are recorded
   * @param graph of the function, where it is known
   */
  constructor(f: Flat, types: readonly Typed[], recorded: Flat = f, graph?: Graph) {
    this.#f = f;
    this.#recorded = recorded;
    this.#types = types;
    this.#graph = graph;
  }

  static of(graph: Graph): Compiled {
    const f = (args: readonly Tensor[]) => replay(graph, args);
    const types = graph.inputs.map((id) => graph.nodes[id]?.type as Typed);
    return new Compiled(f, types, f, graph);
  }

  /** What runs, on the device that is current now. */
  get program(): Program {
    const device = currentDevice();
    const isSame = this.#device?.name === device.name && this.#device.precision === device.precision;
    if (this.#program === undefined || !isSame) {
      this.#graph ??= optimise(trace(this.#f, this.#types));
      this.#program = new Program(this.#graph);
      this.#device = device;
    }
    return this.#program;
  }

  /** The function of arguments of its types; recorded where any of them is. */
  call(args: readonly Tensor[]): readonly Tensor[] {
    if (tracer !== null) return this.#f(args);
    for (let i = 0; i < args.length; i++) if (args[i]?.node) return this.#record(args);
    return this.program.run(args);
  }

  #record(args: readonly Tensor[]): Tensor[] {
    const { forward, pulls } = this.#derivativeBy(args.map(({ node }) => node !== null));
    const results = forward.call(args.map((x) => x.plain));
    const [ys, kept] = [results.slice(0, pulls.length), results.slice(pulls.length)];
    const recorded = ys.map((y, k) => {
      const pull = pulls[k] ?? null;
      if (pull === null) return y;
      const inputs = [...args, ...pull.kept.map((i) => kept[i] as Tensor)];
      return record(ruleOf(pull, args.length), undefined, inputs, y);
    });
    for (const value of kept) value.dispose();
    return recorded;
  }

  #derivativeBy(wanted: readonly boolean[]): Derivative {
    const key = wanted.map(Number).join('');
    let derivative = this.#derivatives.get(key);
    if (derivative === undefined) {
      const { forward, pullbacks } = differentiate(this.#recorded, this.#types, wanted);
      const pulls = pullbacks.map((pullback, k) => {
        if (pullback === null) return null;
        const { graph, targets } = pullback;
        const gy = graph.nodes[graph.inputs[0] as number]?.type as Typed;
        const whole = new Compiled(gradients(this.#recorded, k, targets), [gy, ...this.#types]);
        return { ...pullback, short: Compiled.of(graph), whole };
      });
      derivative = { forward: Compiled.of(forward), pulls };
      this.#derivatives.set(key, derivative);
    }
    return derivative;
  }
}

/** Gradients of result k of f by the targets, as a function of the gradient by the result and of all arguments. */
const gradients =
  (f: Flat, k: number, targets: readonly number[]): Flat =>
  ([gy, ...args]) => {
    const result = (...given: Tensor[]): Tensor => {
      const all = [...args];
      targets.forEach((target, i) => {
        all[target] = given[i] as Tensor;
      });
      return f(all)[k] as Tensor;
    };
    const [, pullback] = vjp(result, ...targets.map((target) => args[target] as Tensor));
    return pullback(gy as Tensor);
  };
