/**
 * tfjs-wasm's times for the cases of bench/conv/: one thread (it has more in browsers only), NHWC whatever is asked for
 * (it has no other), forward and dX (it has no dW, and no dX of a depthwise convolution).
 *
 * Run by `npm run bench -- conv --peer tfjs`.
 */

import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import tf from '@tensorflow/tfjs-core';
import { noise, serve, sizesOf } from './serve.mjs';

const folder = new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);
setWasmPaths(folder.pathname);
await tf.setBackend('wasm');

const pick = (sizes, order) => order.map((axis) => sizes[axis]);

const tensor = (shape) => tf.tensor(noise(shape.reduce((a, b) => a * b)), shape);

/** Frees what there is, as the engine of the browser would not. */
const freed = (call) => () => call().dispose();

function prepare(wanted) {
  const { pass, stride, padding, groups } = wanted;
  const { x: xSizes, w: wSizes, y: ySizes } = sizesOf(wanted);
  const [nhwc, hwio] = [
    [0, 2, 3, 1],
    [2, 3, 1, 0],
  ];
  const isDepthwise = groups > 1;
  if (pass === 'dw' || (pass === 'dx' && isDepthwise)) return null;
  const pads = [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ];
  const w = tensor(pick(wSizes, isDepthwise ? [2, 3, 0, 1] : hwio));
  if (pass === 'dx') {
    const gy = tensor(pick(ySizes, nhwc));
    return freed(() => tf.conv2dTranspose(gy, w, pick(xSizes, nhwc), stride, padding));
  }
  const x = tensor(pick(xSizes, nhwc));
  return freed(() => (isDepthwise ? tf.depthwiseConv2d(x, w, stride, pads) : tf.conv2d(x, w, stride, pads)));
}

await serve(version_wasm, prepare);
