/**
 * onnxruntime-web's times for the cases of bench/conv/: forward, NCHW whatever is asked for (it has no other). The
 * kernel is an input of the model and no constant of it, so that it can't be packed once for all calls.
 *
 * Run by `npm run bench -- conv --peer onnx`; its argument is the number of threads.
 */

import ort from 'onnxruntime-web';
import { noise, serve, sizesOf } from './serve.mjs';

ort.env.wasm.numThreads = Number(process.argv[2] ?? 1);

/** Fields of a Protocol Buffers message: text and messages by length, whole numbers as varints. */
const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const number = (field, value) => [...varint(field << 3), ...varint(value)];
const bytes = (field, content) => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field, value) => bytes(field, [...new TextEncoder().encode(value)]);

/** An AttributeProto of whole numbers, of type INT or INTS. */
const ints = (name, values) =>
  bytes(5, [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, 7)]);
const int = (name, value) => bytes(5, [...text(1, name), ...number(3, value), ...number(20, 2)]);

/** A ValueInfoProto: a float32 tensor of four axes. */
const value = (field, name, sizes) => {
  const shape = sizes.flatMap((size) => bytes(1, number(1, size)));
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, [...number(1, 1), ...bytes(2, shape)]))]);
};

/** A model of one Conv. */
function modelOf({ kernel, stride, padding, groups }, { x, w, y }) {
  const node = [
    ...text(1, 'x'),
    ...text(1, 'w'),
    ...text(2, 'y'),
    ...text(4, 'Conv'),
    ...ints('kernel_shape', [kernel, kernel]),
    ...ints('strides', [stride, stride]),
    ...ints('pads', [padding, padding, padding, padding]),
    ...int('group', groups),
  ];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'conv'),
    ...value(11, 'x', x),
    ...value(11, 'w', w),
    ...value(12, 'y', y),
  ];
  const opset = bytes(8, number(2, 13));
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...opset]);
}

const tensor = (sizes) => new ort.Tensor('float32', noise(sizes.reduce((a, b) => a * b)), sizes);

async function prepare(wanted) {
  if (wanted.pass !== 'y') return null;
  const sizes = sizesOf(wanted);
  const session = await ort.InferenceSession.create(modelOf(wanted, sizes));
  const feeds = { x: tensor(sizes.x), w: tensor(sizes.w) };
  return async () => (await session.run(feeds)).y.dispose();
}

await serve(ort.env.versions.web ?? ort.env.versions.common, prepare);
