/** explain() says what runs. */

import { conv, device, type ExplainedOperands, explain, tensor } from 'adjoint';
import { afterEach, expect, test } from 'vitest';

afterEach(() => {
  device('wasm');
});

const side = (tile: string): string | undefined => /and (\dx\d) outputs/.exec(tile)?.[1];

test('the algorithm, its blocks and the reason, for a convolution and its gradients', () => {
  const simple = explain({ padding: 1 }, { x: [8, 64, 56, 56], w: [64, 64, 3, 3] });
  expect([simple.algorithm, simple.dx.algorithm, simple.dw.algorithm]).toEqual(['winograd', 'winograd', 'winograd']);
  expect([simple.tile, simple.dx.tile, simple.dw.tile].map(side)).toEqual(['4x4', '4x4', '4x4']);
  const four = explain({}, { x: [256, 64, 6, 6], w: [64, 64, 4, 4] });
  expect(side(four.tile)).toBe('3x3');
  const strided = explain({ stride: 2, padding: 3 }, { x: [4, 3, 224, 224], w: [64, 3, 7, 7] });
  expect([strided.algorithm, side(strided.tile), side(strided.dw.tile)]).toEqual(['winograd', '3x3', '3x3']);
  const depthwise = explain({ padding: 1, featureGroups: 32 }, { x: [2, 32, 28, 28], w: [32, 1, 3, 3] });
  expect([depthwise.algorithm, depthwise.dx.algorithm, depthwise.dw.algorithm]).toEqual(Array(3).fill('depthwise'));
  const small = explain({}, { x: [1, 1, 3, 3], w: [1, 1, 2, 2] });
  expect(small).toMatchObject({ algorithm: 'reference', scratch: 0, tasks: 1 });
});

test('flops, bytes and tasks', () => {
  const { flops, bytes, tasks, launches, dx, dw } = explain({ padding: 1 }, { x: [8, 64, 56, 56], w: [64, 64, 3, 3] });
  expect(flops).toBe(2 * 8 * 64 * 56 * 56 * 64 * 9);
  expect([dx.flops, dw.flops]).toEqual([flops, flops]);
  expect(bytes).toBe(4 * (2 * 8 * 64 * 56 * 56 + 64 * 64 * 9));
  expect(tasks).toBeGreaterThan(1);
  expect(launches).toBeGreaterThan(1);
});

test('a circular convolution is explained as it is computed: on the wrapped input', () => {
  const [x, w] = [
    tensor(new Float32Array(2 * 8 * 20 * 20), { shape: [2, 8, 20, 20] }),
    tensor(new Float32Array(576), { shape: [8, 8, 3, 3] }),
  ];
  const spec = { padding: 1, paddingMode: 'circular' } as const;
  expect(explain(spec, { x, w }).bytes).toBe(4 * (2 * 8 * 22 * 22 + 576 + conv(x, w, spec).size));
});

test('what was chosen is told', () => {
  const shapes = { x: [8, 64, 56, 56], w: [64, 64, 3, 3] };
  expect(explain({ padding: 1, precision: 'exact' }, shapes).algorithm).not.toBe('winograd');
  device('wasm', { precision: 'exact' });
  expect(explain({ padding: 1 }, shapes).algorithm).not.toBe('winograd');
  device('reference');
  expect(explain({ padding: 1 }, shapes)).toMatchObject({ device: 'reference', algorithm: 'reference' });
});

test('what can not be explained is refused in words', () => {
  const attempt = (operands: unknown) => () => explain({}, operands as ExplainedOperands);
  for (const operands of [
    null,
    undefined,
    3,
    { x: [1, 1, 3, 3], w: [1, 1, 2, 2], dtpe: 'int32' },
    { x: 'a', w: [1] },
  ]) {
    expect(attempt(operands)).toThrow(expect.objectContaining({ name: 'TypeError_' }));
  }
  expect(attempt({ x: [1, 2, 3, 3], w: [1, 1, 2, 2] })).toThrow(expect.objectContaining({ code: 'channels-mismatch' }));
  expect(attempt({ x: [1, 1, 3, 3], w: [1, 1, 2, 2], dtype: 'bool' })).toThrow(
    expect.objectContaining({ code: 'dtype-mismatch' }),
  );
});
