/** Functions that exchange channels and space, as rows: reshapes and one transposition. */

import { RuntimeError } from '../../errors.js';
import { op, type Tensor } from '../../tensor/tensor.js';
import { intArgument, tensorArgument } from '../arguments.js';
import { type Row, row } from '../row.js';

function checked(call: string, input: unknown, factor: unknown, name: string): { x: Tensor; by: number } {
  const x = tensorArgument(input, call, 'input');
  const by = intArgument(factor, call, name);
  if (x.shape.length < 3) {
    const message = `${call} expects input to have at least 3 dimensions, but got input with ${x.shape.length} dimension(s)`;
    throw new RuntimeError('rank-mismatch', message);
  }
  if (by < 1) throw new RuntimeError('bad-argument', `${call} expects a positive ${name}, but got ${by}`);
  return { x, by };
}

type ShuffleName = 'pixel_shuffle' | 'pixel_unshuffle' | 'channel_shuffle';

export const shuffles: { readonly [N in ShuffleName]: Row } = {
  pixel_shuffle: row('pixel_shuffle', 'input upscale_factor', 'PixelShuffleBackward0', ([input, factor]) => {
    const { x, by } = checked('pixel_shuffle', input, factor, 'upscale_factor');
    const lead = x.shape.slice(0, -3);
    const [channels = 0, height = 0, width = 0] = x.shape.slice(-3);
    if (channels % (by * by) !== 0) {
      throw new RuntimeError(
        'size-invalid',
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but " +
          `input.size(-3)=${channels} is not divisible by ${by * by}`,
      );
    }
    const n = lead.length;
    const split = op.reshape(x, [...lead, channels / (by * by), by, by, height, width]);
    const order = [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2];
    return op.reshape(op.transpose(split, order), [...lead, channels / (by * by), height * by, width * by]);
  }),
  pixel_unshuffle: row('pixel_unshuffle', 'input downscale_factor', 'PixelUnshuffleBackward0', ([input, factor]) => {
    const { x, by } = checked('pixel_unshuffle', input, factor, 'downscale_factor');
    const lead = x.shape.slice(0, -3);
    const [channels = 0, height = 0, width = 0] = x.shape.slice(-3);
    for (const [name, size, axis] of [
      ['height', height, -2],
      ['width', width, -1],
    ] as const) {
      if (size % by === 0) continue;
      throw new RuntimeError(
        'size-invalid',
        `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${axis})=${size} is not ` +
          `divisible by ${by}`,
      );
    }
    const n = lead.length;
    const split = op.reshape(x, [...lead, channels, height / by, by, width / by, by]);
    const order = [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3];
    return op.reshape(op.transpose(split, order), [...lead, channels * by * by, height / by, width / by]);
  }),
  channel_shuffle: row('channel_shuffle', 'input groups', 'ChannelShuffleBackward0', ([input, groups]) => {
    const x = tensorArgument(input, 'channel_shuffle', 'input');
    const count = intArgument(groups, 'channel_shuffle', 'groups');
    if (x.shape.length < 3) {
      const message = `channel_shuffle expects input with > 2 dims, but got input with sizes [${x.shape.join(', ')}]`;
      throw new RuntimeError('rank-mismatch', message);
    }
    if (count < 1) {
      const message = `Number of groups to divide channels in must be positive. Value of groups:${count}`;
      throw new RuntimeError('groups-invalid', message);
    }
    const [samples = 0, channels = 0, ...space] = x.shape;
    if (channels % count !== 0) {
      const message = `Number of channels must be divisible by groups. Got ${channels} channels and ${count} groups.`;
      throw new RuntimeError('groups-invalid', message);
    }
    const split = op.reshape(x, [samples, count, channels / count, ...space]);
    const order = [0, 2, 1, ...Array.from(space.keys(), (axis) => axis + 3)];
    return op.reshape(op.transpose(split, order), x.shape);
  }),
};
