/** torch.optim.SGD. */

import { signature } from '../../door/signature.js';
import { ValueError } from '../../errors.js';
import { boolArgument, numberArgument } from '../arguments.js';
import type { Tensor } from '../tensor.js';
import { type Implementation, least, optionalFlag, rate } from './arguments.js';
import { edit, elementsOf, type Floats } from './elements.js';
import { type GroupOptions, Optimizer, type ParamGroup, type Params, zerosFor } from './optimizer.js';

interface Group extends GroupOptions, Implementation {
  momentum: number;
  dampening: number;
  nesterov: boolean;
}

export interface SGDOptions extends Partial<GroupOptions>, Implementation {
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
}

const read = signature(
  'SGD',
  'params lr? momentum? dampening? weight_decay? nesterov? maximize= foreach=~ differentiable= fused=~',
);

function defaultsOf(args: readonly unknown[]): Group {
  const [, lr, momentum, dampening, decay, nesterov, maximize, foreach, differentiable, fused] = read(args);
  const defaults = {
    lr: rate(lr, 'SGD', 1e-3),
    momentum: least(momentum, 'SGD', 'momentum', 0),
    dampening: numberArgument(dampening, 'SGD', 'dampening', 0),
    weight_decay: least(decay, 'SGD', 'weight_decay', 0),
    nesterov: boolArgument(nesterov, 'SGD', 'nesterov'),
    maximize: boolArgument(maximize, 'SGD', 'maximize'),
    foreach: optionalFlag(foreach, 'SGD', 'foreach'),
    differentiable: boolArgument(differentiable, 'SGD', 'differentiable'),
    fused: optionalFlag(fused, 'SGD', 'fused'),
  };
  if (defaults.nesterov && (defaults.momentum <= 0 || defaults.dampening !== 0)) {
    throw new ValueError('bad-argument', 'Nesterov momentum requires a momentum and zero dampening');
  }
  return defaults;
}

/** One step without momentum. */
function descend(p: Floats, g: Floats, { lr, weight_decay, maximize }: Group): void {
  const sign = maximize ? -1 : 1;
  for (let i = 0; i < p.length; i++) {
    const x = p[i] as number;
    p[i] = x - lr * (sign * (g[i] as number) + weight_decay * x);
  }
}

/** One step with momentum; the first one takes the gradient undampened. */
function roll(p: Floats, g: Floats, buffer: Floats, isFirst: boolean, group: Group): void {
  const { lr, weight_decay, momentum, nesterov, maximize } = group;
  const sign = maximize ? -1 : 1;
  const share = isFirst ? 1 : 1 - group.dampening;
  for (let i = 0; i < p.length; i++) {
    const x = p[i] as number;
    const gradient = sign * (g[i] as number) + weight_decay * x;
    const speed = momentum * (buffer[i] as number) + share * gradient;
    buffer[i] = speed;
    p[i] = x - lr * (nesterov ? gradient + momentum * speed : speed);
  }
}

/**
 * torch.optim.SGD: gradient descent, with momentum (PyTorch's: v = momentum v + g, p = p - lr v), Nesterov's too.
 *
 * @param params parameters, named ones, or groups with options of their own
 * @throws ValueError for no parameters and for numbers out of range
 * @example
 * const x = torch.tensor([1, 2], { requires_grad: true });
 * const optimizer = new torch.optim.SGD([x], { lr: 0.5 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * x.detach() // tensor([0., 0.])
 */
export class SGD extends Optimizer<Group> {
  constructor(params: Params<Group>, options?: SGDOptions);
  constructor(params: Params<Group>, lr: number | Tensor, options: Omit<SGDOptions, 'lr'>);
  constructor(
    params: Params<Group>,
    lr: number | Tensor,
    momentum: number,
    options: Omit<SGDOptions, 'lr' | 'momentum'>,
  );
  constructor(
    params: Params<Group>,
    lr?: number | Tensor,
    momentum?: number,
    dampening?: number,
    weight_decay?: number,
    nesterov?: boolean,
    options?: Pick<SGDOptions, 'maximize' | 'foreach' | 'differentiable' | 'fused'>,
  );
  constructor(...args: unknown[]) {
    super(read(args)[0], defaultsOf(args));
  }

  protected override update(group: ParamGroup<Group>, params: readonly Tensor[]): void {
    for (const param of params) {
      const gradient = elementsOf(param.grad as Tensor);
      if (group.momentum === 0) {
        edit([param], ([p]) => descend(p as Floats, gradient, group));
        continue;
      }
      const isFirst = !this.state.has(param);
      const { momentum_buffer } = this.stateOf(param, () => ({ momentum_buffer: zerosFor(param) }));
      edit([param, momentum_buffer as Tensor], ([p, buffer]) =>
        roll(p as Floats, gradient, buffer as Floats, isFirst, group),
      );
    }
  }
}
