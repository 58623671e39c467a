/** adjoint: convolutions and their gradients. This is the core; the doors are `adjoint/torch` and so on. */

export { customVjp, grad, hvp, jacobian, jvp, stopGradient, valueAndGrad, vjp } from './autodiff/transforms.js';
export type { Precision } from './conv/convolution.js';
export type { ConvLayout, ConvSpec, ConvSpecOptions } from './conv/spec.js';
export { conv } from './core/conv.js';
export { type DeviceOptions, device, devices, type Info, info, threads } from './core/device.js';
export { type ConvExplanation, type ExplainedOperands, type Explanation, explain } from './core/explain.js';
export { tidy } from './core/memory.js';
export { convSpec } from './core/spec.js';
export type { DeviceName } from './device/name.js';
export * from './errors.js';
export { type Jitted, jit } from './jit/jit.js';
export { Tensor, type TensorLike, type TensorOptions, tensor } from './tensor/tensor.js';
