/** torch.nn.functional. */

export type { Each } from '../calls.js';
export * from './activation.js';
export * from './convolution.js';
export * from './dropout.js';
export * from './linear.js';
export * from './loss.js';
export * from './margin.js';
export * from './normalization.js';
export * from './padding.js';
export * from './pooling.js';
export * from './resize.js';
export * from './unpool.js';
export * from './vectors.js';
