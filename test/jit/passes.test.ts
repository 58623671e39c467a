/** What is done to a graph, seen on the graph. */

import { describe, expect, test } from 'vitest';
import { conv } from '../../src/core/conv.js';
import { shareCommon } from '../../src/jit/common.js';
import { dropDead } from '../../src/jit/dead.js';
import { differentiate } from '../../src/jit/derivative.js';
import type { Graph } from '../../src/jit/graph.js';
import { layOut, type Need } from '../../src/jit/memory.js';
import { optimise } from '../../src/jit/optimise.js';
import { schedule } from '../../src/jit/schedule.js';
import { simplify } from '../../src/jit/simplify.js';
import { trace } from '../../src/jit/trace.js';
import { op, type Tensor, tensor } from '../../src/tensor/tensor.js';

type F = (...args: Tensor[]) => Tensor | readonly Tensor[];

const graphOf = (f: F, ...shapes: readonly (readonly number[])[]): Graph =>
  trace(
    (args) => [f(...args)].flat(),
    shapes.map((shape) => ({ shape, dtype: 'float32' as const })),
  );

/** The calls of a graph, and its constants by their elements, in order. */
const listOf = ({ nodes }: Graph): string[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'argument') return [];
    return node.kind === 'constant' ? [`(${node.buffer.array.slice(0, 4)})`] : [node.name];
  });

/** The steps that run, each by the operations it does. */
const stepsOf = (graph: Graph): string[] => schedule(graph).map(({ plan, call }) => plan?.tile || call.name);

describe('tracing', () => {
  test('what values alone decide is done at once', () => {
    const graph = graphOf((x) => x.add(tensor([1, 2]).mul(3).sum()), [2]);
    expect(listOf(graph)).toEqual(['(9)', 'broadcast_in_dim', 'add']);
  });

  test('a value that was repeated is kept as it was before', () => {
    const bias = tensor([1, 2, 3]).reshape([3, 1]);
    const graph = graphOf((x) => x.add(bias), [3, 500]);
    expect(graph.nodes.map((node) => (node.kind === 'constant' ? node.type.shape : null))).toContainEqual([3, 1]);
    expect(listOf(graph)).toEqual(['(1,2,3)', 'broadcast_in_dim', 'add']);
  });
});

describe('common subexpressions', () => {
  test('equal operations on equal operands, equal constants too', () => {
    const f: F = (x) => x.mul(2).add(1).mul(x.mul(2).add(1));
    expect(listOf(graphOf(f, [2])).filter((name) => name === 'multiply').length).toBe(3);
    const shared = dropDead(shareCommon(graphOf(f, [2])));
    expect(listOf(shared)).toEqual([
      '(2)',
      'broadcast_in_dim',
      'multiply',
      '(1)',
      'broadcast_in_dim',
      'add',
      'multiply',
    ]);
  });

  test('other parameters, operands or constants are other values', () => {
    const count = (f: F, name: string): number => {
      const list = listOf(dropDead(shareCommon(graphOf(f, [2, 2], [2, 2]))));
      return list.filter((each) => each === name).length;
    };
    expect(count((x) => x.sum(0).add(x.sum(1)), 'reduce_sum')).toBe(2);
    expect(count((x) => x.sum(0).add(x.sum(0)), 'reduce_sum')).toBe(1);
    expect(count((x, y) => x.sub(y).mul(y.sub(x)), 'subtract')).toBe(2);
    expect(count((x) => x.mul(2).add(x.mul(3)), 'multiply')).toBe(2);
    expect(count((x) => x.div(0).add(x.div(-0)), 'divide')).toBe(2);
    expect(count((x) => x.div(Number.POSITIVE_INFINITY).add(x.div(Number.NaN)), 'divide')).toBe(2);
  });
});

test('dead code goes, arguments stay', () => {
  const graph = dropDead(
    graphOf(
      (x, y) => {
        y.mul(x).sum();
        return x.neg();
      },
      [2],
      [2],
    ),
  );
  expect(listOf(graph)).toEqual(['negate']);
  expect(graph.inputs).toEqual([0, 1]);
});

describe('what changes no bit', () => {
  const left = (f: F, ...shapes: readonly (readonly number[])[]): string[] =>
    listOf(dropDead(simplify(graphOf(f, ...shapes))));

  test('times 1, by 1, minus 0; not plus 0', () => {
    expect(left((x) => x.mul(1), [3])).toEqual([]);
    expect(left((x) => x.div(tensor([1, 1, 1])).sub(0), [3])).toEqual([]);
    expect(left((x) => x.add(0), [3])).toEqual(['(0)', 'broadcast_in_dim', 'add']);
    expect(left((x) => x.sub(-0), [3])).toEqual(['(0)', 'broadcast_in_dim', 'subtract']);
  });

  test('moves there and back', () => {
    expect(left((x) => x.reshape([6]).reshape([3, 2]).reshape([2, 3]), [2, 3])).toEqual([]);
    expect(left((x) => x.reshape([6]).reshape([3, 2]), [2, 3])).toEqual(['reshape']);
  });

  test('a large constant of one value is that value, repeated', () => {
    const graph = simplify(graphOf((x) => x.mul(tensor(new Array(600).fill(2))), [600]));
    const sizes = graph.nodes.map((node) => (node.kind === 'constant' ? node.buffer.array.length : 0));
    expect(Math.max(...dropDead(graph).nodes.map((_, i) => sizes[i] ?? 0), 1)).toBe(1);
    expect(listOf(dropDead(graph))).toEqual(['(2)', 'broadcast_in_dim', 'multiply']);
  });
});

describe('fusion', () => {
  const fused = (f: F, ...shapes: readonly (readonly number[])[]): string[] => stepsOf(optimise(graphOf(f, ...shapes)));

  test('a chain of elementwise operations is one step, constants and rows repeated within', () => {
    const f: F = (x, r) => x.mul(2).add(r).sub(x.mul(x)).div(x.add(3)).neg();
    expect(fused(f, [40, 30], [30])).toEqual([
      'multiply, add, multiply, subtract, add, divide, negate: 4 lanes at once',
    ]);
    expect(fused(f, [2, 3], [3]).length).toBeGreaterThan(5);
  });

  test('what is read elsewhere is stored, once', () => {
    const f: F = (x) => {
      const y = x.mul(2).add(1);
      return y.mul(y).add(y.sum());
    };
    expect(fused(f, [1000])).toEqual([
      'multiply, add: 4 lanes at once',
      'reduce_sum',
      'multiply, add: 4 lanes at once',
    ]);
    const both: F = (x) => [x.mul(2), x.mul(2).add(1)];
    expect(fused(both, [1000])).toEqual(['multiply: 4 lanes at once', 'add: 4 lanes at once']);
  });

  test('an operation computed cell by cell does not slow others down', () => {
    const { nodes, inputs, outputs } = trace(
      ([x, y]) => [op.add(op.divide(op.multiply(x as Tensor, y as Tensor), y as Tensor), x as Tensor)],
      [0, 1].map(() => ({ shape: [1000], dtype: 'int32' as const })),
    );
    const steps = ['multiply: 4 lanes at once', 'divide: 1 lanes at once', 'add: 4 lanes at once'];
    expect(stepsOf({ nodes, inputs, outputs })).toEqual(steps);
  });
});

describe('derivatives', () => {
  test('the gradient reads what the forward graph kept, and computes nothing again', () => {
    const f = ([x, w]: readonly Tensor[]): Tensor[] => {
      const y = conv(x as Tensor, w as Tensor);
      return [y.mul(y).sum()];
    };
    const type = (shape: readonly number[]) => ({ shape, dtype: 'float32' as const });
    const { forward, pullbacks } = differentiate(f, [type([1, 1, 8, 8]), type([1, 1, 3, 3])], [false, true]);
    const names = (graph: Graph): string[] => listOf(graph).filter((name) => /^[a-z]/.test(name));
    expect(names(forward)).toEqual(['convolution', 'multiply', 'reduce_sum']);
    expect(pullbacks[0]?.targets).toEqual([1]);
    expect(names(pullbacks[0]?.graph as Graph).filter((name) => name === 'convolution').length).toBe(1);
    expect(pullbacks[0]?.reads).toEqual([0, 2]);
  });

  test('a result that does not depend on them has no way back', () => {
    const { pullbacks } = differentiate(
      ([x, y]) => [(x as Tensor).sum(), (y as Tensor).sum()],
      [0, 1].map(() => ({ shape: [2], dtype: 'float32' as const })),
      [true, false],
    );
    expect(pullbacks.map((pullback) => pullback?.targets ?? null)).toEqual([[0], null]);
  });
});

describe('memory', () => {
  const overlaps = (a: Need, b: Need): boolean => a.from <= b.to && b.from <= a.to;

  test('needs of one time lie apart, others may share, and a chain takes two places', () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({ bytes: 1000, from: i, to: i + 1 }));
    expect(layOut(chain, 64).bytes).toBe(2048);
    let state = 7;
    const random = (n: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % n;
    };
    for (let round = 0; round < 50; round++) {
      const needs = Array.from({ length: 30 }, () => {
        const from = random(20);
        return { bytes: random(5000), from, to: from + random(5) };
      });
      const { offsets, bytes } = layOut(needs, 64);
      needs.forEach((a, i) => {
        const [at, end] = [offsets[i] as number, (offsets[i] as number) + a.bytes];
        expect(at % 64).toBe(0);
        expect(end).toBeLessThanOrEqual(bytes);
        needs.forEach((b, j) => {
          const other = offsets[j] as number;
          if (i < j && overlaps(a, b) && a.bytes > 0 && b.bytes > 0) {
            expect(end <= other || other + b.bytes <= at).toBe(true);
          }
        });
      });
      const most = Math.max(
        ...Array.from({ length: 25 }, (_, t) =>
          needs
            .filter(({ from, to }) => from <= t && t <= to)
            .reduce((sum, need) => sum + Math.ceil(need.bytes / 64) * 64, 0),
        ),
      );
      expect(bytes).toBeLessThanOrEqual(most * 1.5);
    }
  });
});
