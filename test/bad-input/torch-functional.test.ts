/** Whatever is given, a function of torch.nn.functional, nn.grad or ops.aten gives a result or an error of ours. */

import * as torch from 'adjoint/torch';
import { expect, it } from 'vitest';
import { expectOwnErrors } from './anything.js';

const { functional: F, grad } = torch.nn;
const x = torch.ones(1, 2, 4, 4);
const line = torch.ones(1, 2, 4);
const w = torch.ones(3, 2, 2, 2);
const classes = torch.zeros(1, 4, 4, { dtype: torch.int64 });
const channels = torch.ones(2);

/** A call that works for each function; the rest are its keywords. */
const calls: readonly (readonly [name: string, args: readonly unknown[], keywords?: readonly string[]])[] = [
  ['max_pool1d', [line, 2, 1, 0, 1, false], ['stride', 'return_indices']],
  ['max_pool2d', [x, 2, 1, 0, 1, false], ['stride', 'return_indices']],
  ['max_pool3d', [x, 2], ['padding']],
  ['max_pool2d_with_indices', [x, 2], ['dilation']],
  ['avg_pool1d', [line, 2, 1, 0, false, true]],
  ['avg_pool2d', [x, 2, 1, 0, false, true, 3], ['divisor_override']],
  ['avg_pool3d', [x, 2], ['stride']],
  ['adaptive_avg_pool1d', [line, 2]],
  ['adaptive_avg_pool2d', [x, [2, 3]], ['output_size']],
  ['adaptive_avg_pool3d', [x, 2]],
  ['adaptive_max_pool2d', [x, 2], ['return_indices']],
  ['batch_norm', [x, null, null, channels, channels, true, 0.1, 1e-5], ['momentum']],
  ['instance_norm', [x, null, null, channels, channels, true], ['momentum', 'eps']],
  ['layer_norm', [x, [4], torch.ones(4), torch.ones(4), 1e-5], ['eps']],
  ['rms_norm', [x, [4], torch.ones(4), 1e-5]],
  ['group_norm', [x, 2, channels, channels, 1e-5]],
  ['local_response_norm', [x, 2, 1, 1, 1], ['k']],
  ['linear', [x, torch.ones(3, 4), torch.ones(3)], ['bias']],
  ['bilinear', [channels, channels, torch.ones(1, 2, 2), torch.ones(1)]],
  ['dropout', [x, 0.5, true, false], ['training']],
  ['dropout1d', [line, 0.5]],
  ['dropout2d', [x, 0.5]],
  ['dropout3d', [x, 0.5]],
  ['alpha_dropout', [x, 0.5, true]],
  ['nll_loss', [x, classes, channels, null, -100, null, 'mean'], ['reduction']],
  ['cross_entropy', [x, classes, channels, null, -100, null, 'mean', 0.1], ['label_smoothing']],
  ['mse_loss', [x, x, null, null, 'mean', x], ['weight']],
  ['l1_loss', [x, x, null, null, 'mean']],
  ['smooth_l1_loss', [x, x, null, null, 'mean', 1], ['beta']],
  ['huber_loss', [x, x, 'mean', 1, x]],
  ['binary_cross_entropy', [x, x, x, null, null, 'mean']],
  ['binary_cross_entropy_with_logits', [x, x, x, null, null, 'mean', x]],
  ['kl_div', [x, x, null, null, 'batchmean', true]],
  ['margin_ranking_loss', [x, x, x, 1, null, null, 'mean'], ['margin']],
  ['hinge_embedding_loss', [x, x, 1]],
  ['soft_margin_loss', [x, x], ['reduction']],
  ['poisson_nll_loss', [x, x, true, true, null, 1e-8, null, 'mean'], ['full']],
  ['triplet_margin_loss', [x, x, x, 1, 2, 1e-6, true], ['swap']],
  ['cosine_embedding_loss', [channels, channels, torch.tensor(1), 0]],
  ['gaussian_nll_loss', [x, x, x, true, 1e-6, 'mean'], ['full']],
  ['lp_pool2d', [x, 2, 2, 1, false], ['ceil_mode']],
  ['max_unpool2d', [x, torch.zeros(1, 2, 4, 4, { dtype: torch.int64 }), 2, 2, 0, 8], ['output_size']],
  ['pad', [line, [1, 1], 'reflect'], ['value']],
  ['pad', [line, [1, 1], 'circular', null]],
  ['relu', [x, false], ['inplace']],
  ['leaky_relu', [x, 0.1, false]],
  ['elu', [x, 1, false]],
  ['celu', [x, 1, false]],
  ['gelu', [x], ['approximate']],
  ['softplus', [x, 1, 20]],
  ['hardtanh', [x, -1, 1, false]],
  ['softshrink', [x, 0.5]],
  ['threshold', [x, 0.1, 3, false]],
  ['glu', [x, 0]],
  ['prelu', [x, channels]],
  ['softmax', [x, 1, 3, 'float64'], ['dtype']],
  ['log_softmax', [x, 1]],
  ['interpolate', [line, 2, null, 'linear', true, false], ['scale_factor', 'antialias']],
  ['unfold', [x, 2, 1, 0, 1], ['stride']],
  ['fold', [torch.ones(1, 4, 9), 4, 2, 1, 0, 1]],
  ['pixel_shuffle', [torch.ones(4, 1, 1), 2]],
  ['pixel_unshuffle', [x, 2]],
  ['channel_shuffle', [x, 2]],
  ['one_hot', [classes, 3]],
  ['embedding', [classes, torch.ones(3, 2), 1], ['max_norm', 'sparse']],
  ['normalize', [x, 2, 1, 1e-12], ['out']],
  ['cosine_similarity', [x, x, 1, 1e-8]],
  ['pairwise_distance', [x, x, 2, 1e-6, false]],
];

const functions = new Map<string, unknown>(Object.entries(F));

for (const [name, args, keywords] of calls) {
  it(`F.${name}(${args.length})`, () => {
    const f = functions.get(name);
    if (typeof f !== 'function') throw new Error(`no function ${name}`);
    expectOwnErrors((...given: never[]) => Reflect.apply(f, undefined, given), args, keywords);
  });
}

it('nn.grad and ops.aten', () => {
  const gy = torch.ones(1, 3, 3, 3);
  expectOwnErrors(grad.conv2d_input, [[1, 2, 4, 4], w, gy, 1, 0, 1, 1], ['stride', 'groups']);
  expectOwnErrors(grad.conv2d_weight, [x, [3, 2, 2, 2], gy, 1, 0, 1, 1], ['padding']);
  const { convolution, convolution_backward } = torch.ops.aten;
  expectOwnErrors(convolution, [x, w, null, [1], [0], [1], false, [0], 1], ['groups']);
  const mask = [true, true, true];
  expectOwnErrors(convolution_backward, [gy, x, w, [3], [1], [0], [1], false, [0], 1, mask], ['output_mask']);
});

it('leaves running statistics alone where batch_norm fails', () => {
  const [mean, variance] = [torch.zeros(2), torch.ones(2)];
  const narrow = torch.ones(3);
  expect(() => F.batch_norm(x, mean, variance, narrow, null, true)).toThrow(torch.RuntimeError);
  expect([mean.tolist(), variance.tolist()]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

it('gives the input itself where nothing is dropped', () => {
  const same = [F.dropout(x, 0), F.dropout(x, 0.5, false), F.dropout(x)].map((y) => y === x);
  expect(same).toEqual([true, true, false]);
});
