/** What must hold for adjoint/tf whatever TensorFlow gives: across doors, in memory, and between its own functions. */

import { conv, convSpec, grad, info, type Tensor, tensor } from 'adjoint';
import * as tf from 'adjoint/tf';
import * as torch from 'adjoint/torch';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

// The heap of the built package, to collect what can't be reached any more.
const { heap }: typeof import('../../src/heap/heap.js') = await import(
  new URL('../../dist/src/heap/heap.js', import.meta.url).href
);

const whole = (shape: readonly number[], seed: number): tf.Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, i) => ((((i + 3) * (seed + 11)) ** 2 + i) % 9) - 4);
  return tf.constant(values, { shape, dtype: tf.float64 });
};

const dot = (a: tf.Tensor, b: tf.Tensor): number => Number(tf.reduce_sum(a.mul(b)).item());

const explicit = [
  [0, 0],
  [1, 2],
  [0, 3],
  [0, 0],
] as const;

/** Sizes, kernel, strides, dilations and padding of a convolution that has an output. */
const problems = fc
  .record({
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
    taps: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    groups: fc.integer({ min: 1, max: 2 }),
    padding: fc.constantFrom<'SAME' | 'VALID' | typeof explicit>('SAME', 'VALID', explicit),
  })
  .filter(({ size, taps, dilations, padding }) =>
    [0, 1].every((axis) => {
      const reach = ((taps[axis] as number) - 1) * (dilations[axis] as number) + 1;
      return padding === 'SAME' || reach <= (size[axis] as number);
    }),
  );

describe('convolutions', () => {
  test('are conv with the spec of convSpec.tf', () => {
    fc.assert(
      fc.property(problems, ({ size, taps, groups, ...options }) => {
        const x = whole([2, ...size, 2 * groups], 1);
        const w = whole([...taps, 2, 2 * groups], 2);
        const spec = convSpec.tf([...x.shape], [...w.shape], options);
        expect(tf.nn.conv2d(x, w, options).tolist()).toEqual(conv(x, w, spec).tolist());
      }),
    );
  });

  test('and their transposes are adjoint, by the input and by the filter', () => {
    fc.assert(
      fc.property(problems, ({ size, taps, groups, ...options }) => {
        const x = whole([2, ...size, 2 * groups], 3);
        const w = whole([...taps, 2, 2 * groups], 4);
        const y = tf.nn.conv2d(x, w, options);
        const gy = whole(y.shape, 5);
        const dx = tf.nn.conv2d_transpose(gy, w, { output_shape: tf.shape(x), ...options });
        const dw = tf.compat.v1.nn.conv2d_backprop_filter(x, [...w.shape], gy, {
          padding: options.padding,
          strides: [1, ...options.strides, 1],
          dilations: [1, ...options.dilations, 1],
        });
        expect(dot(dx, x)).toBe(dot(gy, y));
        expect(dot(dw, w)).toBe(dot(gy, y));
      }),
    );
  });

  test('are the same with channels first', () => {
    fc.assert(
      fc.property(problems, ({ size, taps, groups, ...options }) => {
        const last = [0, 2, 3, 1];
        const x = whole([2, ...size, 2 * groups], 6);
        const w = whole([...taps, 2, 2 * groups], 7);
        const { padding } = options;
        const turned =
          typeof padding === 'string' ? padding : ([padding[0], padding[3], padding[1], padding[2]] as const);
        const first = tf.nn.conv2d(tf.transpose(x, [0, 3, 1, 2]), w, {
          ...options,
          padding: turned,
          data_format: 'NCHW',
        });
        expect(tf.transpose(first, last).tolist()).toEqual(tf.nn.conv2d(x, w, options).tolist());
      }),
    );
  });
});

const square = (x: tf.Tensor): tf.Tensor => x.mul(x);

describe('tapes', () => {
  test('record between a using declaration and the end of its block', () => {
    const x = tf.constant([2, 3]);
    const outside = square(x);
    const gradients = (() => {
      using tape = new tf.GradientTape({ persistent: true });
      tape.watch(x);
      const y = square(x);
      return [tape.gradient(y, x), tape.gradient(outside, x)];
    })();
    expect(gradients.map((gradient) => gradient?.tolist() ?? null)).toEqual([[4, 6], null]);
    let kept: tf.GradientTape | undefined;
    let y = x;
    {
      using tape = new tf.GradientTape();
      tape.watch(x);
      y = square(x);
      kept = tape;
    }
    expect(kept.gradient(square(y), x)).toBe(null);
  });
});

describe('tapes and the core', () => {
  test('see what the core computes of their tensors', () => {
    const x = tf.ones([1, 1, 3]);
    const tape = new tf.GradientTape();
    const y = tape.run(() => {
      tape.watch(x);
      return tf.reduce_sum(conv(x, [[[1, 2]]]));
    });
    expect(tape.gradient(y, x)?.tolist()).toEqual([[[1, 3, 2]]]);
  });

  test('can be differentiated through by the core', () => {
    const slope = (x: tf.Tensor): tf.Tensor => {
      const tape = new tf.GradientTape();
      const y = tape.run(() => {
        tape.watch(x);
        return x.mul(x).mul(x);
      });
      return tf.reduce_sum(tape.gradient(y, x) ?? x);
    };
    const second = grad(slope)(tf.constant([2, -1]));
    expect(second).toBeInstanceOf(tf.Tensor);
    expect(second.tolist()).toEqual([12, -6]);
    expect(grad((x: tf.Tensor) => tf.reduce_sum(square(x)))(tf.constant([2])).tolist()).toEqual([4]);
  });

  test('differentiate through a gradient of the core', () => {
    const x = tf.constant([2, -1]);
    const tape = new tf.GradientTape();
    const slope = tape.run(() => {
      tape.watch(x);
      return grad((z: tf.Tensor) => tf.reduce_sum(square(z).mul(z)))(x);
    });
    expect(slope.tolist()).toEqual([12, 3]);
    expect(tape.gradient(slope, x)?.tolist()).toEqual([12, -6]);
  });

  test('leave what PyTorch records to PyTorch', () => {
    const t = torch.tensor([2, 3], { requires_grad: true });
    const y = tf.reduce_sum(tf.square(t));
    const [gradient] = torch.autograd.grad(torch.sum(new torch.Tensor(y.toCore())), [t]);
    expect(gradient?.tolist()).toEqual([4, 6]);
    expect(tf.constant(t).tolist()).toEqual([2, 3]);
  });

  test('without a tape nothing is recorded', () => {
    const x = tf.constant([2, 3]);
    const tape = new tf.GradientTape();
    tape.run(() => tape.watch(x));
    expect(square(x).toCore().node).toBe(null);
    expect(new tf.Variable([1]).mul(2).toCore().node).toBe(null);
  });
});

/** Bytes that can still be reached. */
function held(): number {
  heap.collect();
  return info().heap.used;
}

describe('memory', () => {
  const BYTES = 4 * 50_000;
  const STEPS = 30;

  test('a state that goes from tape to tape keeps none of them', () => {
    const start = held();
    const w = new tf.Variable(tf.ones([50_000]));
    let state: tf.Tensor = w.value();
    for (let i = 0; i < STEPS; i++) {
      const tape = new tf.GradientTape();
      state = tape.run(() => {
        if (i % 2 === 0) tape.watch(state);
        return state.mul(w);
      });
    }
    expect(state.shape.num_elements()).toBe(50_000);
    expect(held() - start).toBeLessThan((STEPS / 2) * BYTES);
  });

  test('losses that are kept keep nothing else', () => {
    const start = held();
    const w = new tf.Variable(tf.ones([50_000]));
    const losses: tf.Tensor[] = [];
    for (let i = 0; i < STEPS; i++) {
      const tape = new tf.GradientTape();
      const loss = tape.run(() => tf.reduce_sum(w.mul(w).mul(w)));
      const slope = tape.gradient(loss, w);
      if (slope !== null) w.assign_sub(slope.mul(1e-3));
      losses.push(loss);
    }
    expect(losses.length).toBe(STEPS);
    expect(held() - start).toBeLessThan((STEPS / 2) * BYTES);
  });

  test('a gradient of tensors that nobody watched is null, whatever the core recorded', () => {
    const x: Tensor = tensor([1, 2]);
    const tape = new tf.GradientTape();
    const y = tape.run(() => tf.reduce_sum(x));
    expect(tape.gradient(y, x)).toBe(null);
  });
});
