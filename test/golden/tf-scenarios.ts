/** The scenarios that the recording script has under the same names. */

import * as tf from 'adjoint/tf';
import { made } from './tf-calls.js';

/** What a scenario gives. */
export type Scenario = tf.Tensor | tf.Variable | null | readonly Scenario[] | { readonly [key: string]: Scenario };

const c = (value: number | number[] | number[][], dtype: tf.DType = tf.float32): tf.Tensor =>
  tf.constant(value, { dtype });

/** A tape that has run. */
function taped<T>(body: (tape: tf.GradientTape) => T, options: tf.TapeOptions = {}): [tf.GradientTape, T] {
  const tape = new tf.GradientTape(options);
  return [tape, tape.run(() => body(tape))];
}

const squareOf = (x: tf.Tensor): tf.Tensor => x.mul(x);
const cubeOf = (x: tf.Tensor): tf.Tensor => x.mul(x).mul(x);

/** A gradient that must be there. */
function there(gradient: tf.Tensor | null): tf.Tensor {
  if (gradient === null) throw new Error('no gradient');
  return gradient;
}

const persistent = { persistent: true };

/** tf.matmul's way to an element: a[0] of a vector of n. */
const first = (x: tf.Tensor, n: number): tf.Tensor =>
  tf.reduce_sum(x.mul(Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0))));

const basics = {
  unwatched() {
    const a = c(2);
    const [g, y] = taped(() => squareOf(a));
    return g.gradient(y, a);
  },
  after_the_tape() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    });
    return g.gradient(squareOf(y), a);
  },
  itself() {
    const a = c(2);
    const [g] = taped((tape) => tape.watch(a));
    return g.gradient(a, a);
  },
  nested_structure() {
    const [a, b] = [c(2), c(3)];
    const [g, y] = taped((tape) => {
      tape.watch({ a: [a], b });
      return a.mul(b);
    });
    return g.gradient(y, { a: [a], b });
  },
  integers() {
    const a = c(2, tf.int32);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return tf.cast(a, tf.float32).mul(2);
    });
    return g.gradient(y, a);
  },
  integer_target() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return tf.cast(a, tf.int32).mul(2);
    });
    return g.gradient(y, a);
  },
  several_targets() {
    const [a, b] = [c(2), c(3)];
    const [g, targets] = taped((tape) => {
      tape.watch([a, b]);
      return [squareOf(a), a.mul(b)];
    });
    return g.gradient(targets, [a, b]);
  },
  same_target_twice() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    });
    return g.gradient([y, y], [a, a]);
  },
  no_sources() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    });
    return g.gradient(y, []);
  },
  no_targets() {
    const a = c(2);
    const [g] = taped((tape) => tape.watch(a));
    return g.gradient([], a);
  },
  output_gradients() {
    const a = c([2, 3]);
    const [g, [y, z]] = taped((tape) => {
      tape.watch(a);
      return [squareOf(a), a.mul(3)] as const;
    }, persistent);
    const up = c([1, 10]);
    return [
      g.gradient(y, a, { output_gradients: up }),
      g.gradient(y, a, [up]),
      g.gradient([y, z], a, { output_gradients: [up, c([5, 7])] }),
    ];
  },
  unconnected() {
    const [a, b, i] = [c([2, 3]), c([[1]]), c([[1]], tf.int32)];
    const [g, y] = taped((tape) => {
      tape.watch([a, b]);
      return squareOf(a);
    }, persistent);
    const zero = tf.UnconnectedGradients.ZERO;
    return [
      g.gradient(y, [a, b, i]),
      g.gradient(y, [a, b, i], { unconnected_gradients: 'zero' }),
      g.gradient(y, b, { unconnected_gradients: zero }),
      g.jacobian(y, [a, b]),
      g.jacobian(y, b, { unconnected_gradients: 'zero' }),
    ];
  },
  intermediate() {
    const a = c(2);
    const [g, [y, z]] = taped((tape) => {
      tape.watch(a);
      const y = squareOf(a);
      return [y, squareOf(y)] as const;
    });
    return g.gradient(z, [a, y]);
  },
  stop_gradient() {
    const a = c(2);
    const [g, [y, z]] = taped((tape) => {
      tape.watch(a);
      return [a.mul(tf.stop_gradient(a)), tf.stop_gradient(a)] as const;
    }, persistent);
    return [g.gradient(y, a), g.gradient(z, a)];
  },
  error_inside() {
    const a = c(2);
    const g = new tf.GradientTape();
    let y = a;
    try {
      g.run(() => {
        g.watch(a);
        y = squareOf(a);
        throw new Error('on purpose');
      });
    } catch {
      // The tape has what was recorded before.
    }
    return g.gradient(y, a);
  },
} satisfies Record<string, () => Scenario>;

const variables = {
  variables() {
    const [v, w] = [new tf.Variable(3), new tf.Variable(3, { trainable: false })];
    const [g, y] = taped(() => v.mul(v).add(w.mul(w)));
    return [g.gradient(y, [v, w])];
  },
  variable_not_accessed() {
    const v = new tf.Variable(3);
    const options = { watch_accessed_variables: false };
    const [g, y] = taped(() => v.mul(v), options);
    const [h, z] = taped((tape) => {
      tape.watch(v);
      return v.mul(v);
    }, options);
    return [g.gradient(y, v), h.gradient(z, v)];
  },
  variable_value() {
    const v = new tf.Variable(3);
    const [g, [u, y]] = taped(() => {
      const u = v.value();
      return [u, u.mul(v)] as const;
    });
    return g.gradient(y, [v, u]);
  },
  variable_assigned() {
    const [v, a] = [new tf.Variable(3), c(2)];
    const [g, [y, z, w]] = taped((tape) => {
      tape.watch(a);
      const y = v.mul(v);
      v.assign(a.mul(5));
      const z = v.mul(v).mul(v);
      v.assign_add(1);
      return [y, z, v.mul(v)] as const;
    }, persistent);
    return [g.gradient(y, [v, a]), g.gradient(z, [v, a]), g.gradient(w, v), v];
  },
  variable_target() {
    const v = new tf.Variable(3);
    const [g] = taped(() => v.mul(1));
    return g.gradient(v, v);
  },
} satisfies Record<string, () => Scenario>;

const orders = {
  second_order() {
    const a = c(2);
    const [g, d] = taped((outer) => {
      outer.watch(a);
      const [h, y] = taped((inner) => {
        inner.watch(a);
        return cubeOf(a);
      });
      return there(h.gradient(y, a));
    });
    return [d, g.gradient(d, a)];
  },
  third_order() {
    const v = new tf.Variable(2);
    const [f, [d, e]] = taped(() => {
      const [g, d] = taped(() => {
        const [h, y] = taped(() => v.mul(v).mul(v).mul(v));
        return there(h.gradient(y, v));
      });
      return [d, there(g.gradient(d, v))] as const;
    });
    return [d, e, f.gradient(e, v)];
  },
  second_order_convolution() {
    const x = made({ dtype: 'float32', shape: [1, 4, 3, 2], seed: 31 }) as tf.Tensor;
    const w = made({ dtype: 'float32', shape: [2, 2, 2, 2], seed: 32 }) as tf.Tensor;
    const corner = tf.reshape(tf.constant([1, ...new Array<number>(23).fill(0)]), [1, 4, 3, 2]);
    const [g, [dx, dw, s]] = taped((outer) => {
      outer.watch([x, w]);
      const [h, loss] = taped((inner) => {
        inner.watch([x, w]);
        const y = tf.nn.conv2d(x, w, 1, 'SAME');
        return tf.reduce_sum(y.mul(y));
      });
      const [dx, dw] = h.gradient(loss, [x, w]).map(there) as [tf.Tensor, tf.Tensor];
      const scaled = tf.reduce_sum(dw.mul(tf.reduce_sum(x.mul(corner))));
      return [dx, dw, tf.reduce_sum(dx.mul(dx)).add(scaled)] as const;
    });
    return [dx, dw, g.gradient(s, [x, w])];
  },
  inside_its_own_block() {
    const a = c(2);
    return taped((g) => {
      g.watch(a);
      return g.gradient(cubeOf(a), a);
    })[1];
  },
  persistent_inside() {
    const a = c(2);
    const [g, [y, d]] = taped((tape) => {
      tape.watch(a);
      const y = cubeOf(a);
      return [y, there(tape.gradient(y, a))] as const;
    }, persistent);
    return [d, g.gradient(d, a), g.gradient(y, a)];
  },
  persistent_outside() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return cubeOf(a);
    }, persistent);
    const d = there(g.gradient(y, a));
    return [d, g.gradient(d, a)];
  },
  inner_tape_sees_less() {
    const a = c(2);
    const [g, [y, z, d]] = taped((outer) => {
      outer.watch(a);
      const y = squareOf(a);
      const [h, z] = taped((inner) => {
        inner.watch(a);
        return y.mul(a);
      });
      return [y, z, h.gradient(z, [a, y])] as const;
    });
    return [d, g.gradient(z, [a, y])];
  },
  inner_watches_intermediate() {
    const a = c(2);
    const [g, [y, z, d]] = taped((outer) => {
      outer.watch(a);
      const y = squareOf(a);
      const [h, z] = taped((inner) => {
        inner.watch([a, y]);
        return y.mul(y).mul(a);
      });
      return [y, z, h.gradient(z, [a, y])] as const;
    });
    return [d, g.gradient([z, there(d[0])], [a, y])];
  },
  jacobian() {
    const a = c([2, 3]);
    const [g, [y, z, w]] = taped((tape) => {
      tape.watch(a);
      return [squareOf(a), tf.reduce_sum(squareOf(a)), tf.reshape(a, [2, 1]).mul(a)] as const;
    }, persistent);
    return [g.jacobian(y, a), g.jacobian(z, a), g.jacobian(w, [a])];
  },
  hessian() {
    const a = c([2, 3]);
    const [g, d] = taped((outer) => {
      outer.watch(a);
      const [h, y] = taped((inner) => {
        inner.watch(a);
        return tf.reduce_sum(cubeOf(a)).mul(first(a, 2));
      });
      return there(h.gradient(y, a));
    });
    return g.jacobian(d, a);
  },
} satisfies Record<string, () => Scenario>;

const recording = {
  stop_recording() {
    const a = c(2);
    const [g, w] = taped((tape) => {
      tape.watch(a);
      const y = squareOf(a);
      const z = tape.stop_recording(() => squareOf(y));
      return z.add(y);
    });
    return g.gradient(w, a);
  },
  stop_recording_for_gradient() {
    const a = c(2);
    return taped((tape) => {
      tape.watch(a);
      const y = squareOf(a);
      return tape.stop_recording(() => tape.gradient(y, a));
    })[1];
  },
  reset() {
    const a = c(2);
    const [g, [y, z]] = taped((tape) => {
      tape.watch(a);
      const y = squareOf(a);
      tape.reset();
      tape.watch(a);
      return [y, y.mul(a)] as const;
    });
    return g.gradient(z, [a, y]);
  },
  entered_again() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    });
    const z = g.run(() => squareOf(y));
    return g.gradient(z, a);
  },
  between_the_blocks() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    });
    const u = y.mul(3);
    const z = g.run(() => u.add(y));
    return g.gradient(z, a);
  },
  watched_late() {
    const a = c(2);
    const [g, z] = taped((tape) => {
      const y = squareOf(a);
      tape.watch(a);
      return y.add(a);
    });
    return g.gradient(z, a);
  },
  watched_intermediate() {
    const a = c(2);
    const [g, [y, z]] = taped((tape) => {
      tape.watch(a);
      const y = squareOf(a);
      tape.watch(y);
      return [y, squareOf(y)] as const;
    });
    return g.gradient(z, [a, y]);
  },
  watched_intermediate_only() {
    const a = c(2);
    const [g, [y, z]] = taped((tape) => {
      const y = squareOf(a);
      tape.watch(y);
      return [y, squareOf(y)] as const;
    });
    return g.gradient(z, [a, y]);
  },
  one_tape_after_another() {
    const a = c(2);
    const [g, y] = taped((tape) => {
      tape.watch(a);
      return squareOf(a);
    }, persistent);
    const [h, z] = taped((tape) => {
      tape.watch([a, y]);
      return y.mul(a);
    });
    return [h.gradient(z, [a, y]), g.gradient(y, a), g.gradient(z, a), g.gradient(y, y)];
  },
} satisfies Record<string, () => Scenario>;

const custom = {
  custom_gradient() {
    const f = tf.custom_gradient((x, y) => [
      (x as tf.Tensor).mul(y as tf.Tensor),
      (up) => [(up as tf.Tensor).mul(10), (up as tf.Tensor).mul(y as tf.Tensor)],
    ]);
    const [a, b] = [c([2, 3]), c([4, 5])];
    const [g, y] = taped((tape) => {
      tape.watch([a, b]);
      return f(a, b);
    });
    return [y, g.gradient(y, [a, b])];
  },
  custom_gradient_of_two() {
    const f = tf.custom_gradient((x) => [
      [(x as tf.Tensor).mul(2), (x as tf.Tensor).mul(3)],
      (u, v) => (u as tf.Tensor).mul(10).add(v as tf.Tensor),
    ]);
    const a = c([2, 3]);
    const [g, [y, z, w]] = taped((tape) => {
      tape.watch(a);
      const [y, z] = f(a) as [tf.Tensor, tf.Tensor];
      return [y, z, y.add(z.mul(4))] as const;
    });
    return [y, z, g.gradient(w, a)];
  },
  custom_gradient_of_gradient() {
    const cube = tf.custom_gradient((x) => [
      cubeOf(x as tf.Tensor),
      (up) =>
        (up as tf.Tensor)
          .mul(5)
          .mul(x as tf.Tensor)
          .mul(x as tf.Tensor),
    ]);
    const a = c(2);
    const [g, d] = taped((outer) => {
      outer.watch(a);
      const [h, y] = taped((inner) => {
        inner.watch(a);
        return cube(a);
      });
      return there(h.gradient(y, a));
    });
    return [d, g.gradient(d, a)];
  },
} satisfies Record<string, () => Scenario>;

export const scenarios: Readonly<Record<string, () => Scenario>> = {
  ...basics,
  ...variables,
  ...orders,
  ...recording,
  ...custom,
};
