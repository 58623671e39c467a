/** adjoint: convolutions and their gradients. This is the core; the doors are `adjoint/torch` and so on. */

export { customVjp, grad, hvp, jacobian, jvp, stopGradient, valueAndGrad, vjp } from './autodiff/transforms.js';
export type { ConvLayout, ConvSpec, ConvSpecOptions } from './conv/spec.js';
export { conv } from './core/conv.js';
export { type DeviceName, devices, type Info, info, tidy } from './core/memory.js';
export { convSpec } from './core/spec.js';
export * from './errors.js';
export { Tensor, type TensorLike, type TensorOptions, tensor } from './tensor/tensor.js';
