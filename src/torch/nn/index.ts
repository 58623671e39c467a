/** torch.nn. */

export * as functional from '../functional/index.js';
export { ModuleDict, ModuleList, Sequential } from './container.js';
export { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv.js';
export * as grad from './grad.js';
export * as init from './init.js';
export { Identity, Linear } from './linear.js';
export { Module } from './module.js';
export { Parameter } from './parameter.js';
