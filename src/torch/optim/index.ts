/** torch.optim. */

export { Adam, AdamW } from './adam.js';
export * as lr_scheduler from './lr_scheduler.js';
export { Optimizer } from './optimizer.js';
export { Adagrad, RMSprop } from './rmsprop.js';
export { SGD } from './sgd.js';
