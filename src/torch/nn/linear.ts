/** nn.Linear and nn.Identity. */

import { signature } from '../../door/signature.js';
import type { Foreign } from '../../tensor/foreign.js';
import { boolArgument, intArgument } from '../arguments.js';
import { zeros } from '../create.js';
import type { DType } from '../dtype.js';
import * as F from '../functional/index.js';
import type { Tensor } from '../tensor.js';
import { type FactoryOptions, factoryDType } from './arguments.js';
import { fans, kaiming_uniform_, uniform_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

const read = signature('Linear', 'in_features out_features bias? device?~ dtype?~');

export interface LinearOptions extends FactoryOptions {
  readonly bias?: boolean;
}

type LinearArguments =
  | [in_features: number, out_features: number, options?: LinearOptions]
  | [options: LinearOptions & { readonly in_features: number; readonly out_features: number }]
  | [in_features: number, out_features: number, bias?: boolean, device?: 'cpu' | null, dtype?: DType | string | null]
  | [in_features: number, out_features: number, bias: boolean, options: FactoryOptions];

/**
 * nn.Linear: x W^T + b along the last dimension, with a weight (out_features, in_features) and a bias of its own, which
 * begin as PyTorch's do.
 *
 * @example
 * torch.manual_seed(0);
 * const linear = new torch.nn.Linear(2, 1);
 * linear // Linear(in_features=2, out_features=1, bias=True)
 * linear.weight // Parameter containing: tensor([[-0.0053,  0.3793]], requires_grad=True)
 * linear(torch.ones(2)) // tensor([-0.2080], grad_fn=<UnsafeViewBackward0>)
 */
export class Linear extends Module {
  readonly in_features: number;
  readonly out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: LinearArguments) {
    super();
    const [inputs, outputs, bias, device, type] = read(args);
    const dtype = factoryDType(device, type, 'Linear');
    this.in_features = intArgument(inputs, 'Linear', 'in_features');
    this.out_features = intArgument(outputs, 'Linear', 'out_features');
    this.weight = new Parameter(zeros([this.out_features, this.in_features], { dtype }));
    const hasBias = boolArgument(bias, 'Linear', 'bias', true);
    this.bias = hasBias ? new Parameter(zeros([this.out_features], { dtype })) : null;
    this.reset_parameters();
  }

  /** New initial values: uniform within 1 / sqrt(in_features). */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, Math.sqrt(5));
    const [fanIn] = fans(this.weight.shape);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(input: Foreign): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    const bias = this.bias === null ? 'False' : 'True';
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${bias}`;
  }
}

/** nn.Identity: gives its input back, whatever it was made with. */
export class Identity extends Module {
  constructor(..._ignored: readonly unknown[]) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}
