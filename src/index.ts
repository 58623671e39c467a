/** adjoint: convolutions and their gradients. This is the core; the doors are `adjoint/torch` and so on. */

export { customVjp, grad, hvp, jacobian, jvp, stopGradient, valueAndGrad, vjp } from './autodiff/transforms.js';
export { type ConvLayout, type ConvSpec, type ConvSpecOptions, convSpec } from './conv/spec.js';
export { conv } from './core/conv.js';
export * from './errors.js';
export { Tensor, type TensorLike, type TensorOptions, tensor } from './tensor/tensor.js';
