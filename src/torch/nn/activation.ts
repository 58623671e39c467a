/** Modules of activation functions. */

import { signature } from '../../door/signature.js';
import type { Foreign } from '../../tensor/foreign.js';
import { boolArgument, intArgument, numberArgument } from '../arguments.js';
import { full } from '../create.js';
import * as F from '../functional/index.js';
import type { Tensor } from '../tensor.js';
import { type Arguments, type FactoryOptions, factoryDType, float, intOr, optionsText } from './arguments.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

interface InplaceOptions {
  readonly inplace?: boolean;
}

/** What may change its input in place. */
class Inplace extends Module {
  readonly inplace: boolean;

  constructor(name: string, inplace: unknown) {
    super();
    this.inplace = boolArgument(inplace, name, 'inplace');
  }

  /** What stands before it in the module's text. */
  protected optionsText(): string {
    return '';
  }

  override extra_repr(): string {
    return [this.optionsText(), this.inplace ? 'inplace=True' : ''].filter((part) => part !== '').join(', ');
  }
}

type InplaceArguments = Arguments<[], [inplace: boolean], InplaceOptions>;

const readReLU = signature('ReLU', 'inplace?');

/**
 * nn.ReLU: F.relu, max(0, x).
 *
 * @example new torch.nn.ReLU()(torch.tensor([-1, 2])) // tensor([0., 2.])
 */
export class ReLU extends Inplace {
  constructor(...args: InplaceArguments) {
    super('ReLU', readReLU(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.relu(input, this.inplace);
  }
}

const readReLU6 = signature('ReLU6', 'inplace?');

/** nn.ReLU6: F.relu6, x between 0 and 6. */
export class ReLU6 extends Inplace {
  constructor(...args: InplaceArguments) {
    super('ReLU6', readReLU6(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.relu6(input, this.inplace);
  }
}

const readSELU = signature('SELU', 'inplace?');

/** nn.SELU: F.selu, elu, scaled so that moments stay. */
export class SELU extends Inplace {
  constructor(...args: InplaceArguments) {
    super('SELU', readSELU(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.selu(input, this.inplace);
  }
}

const readSiLU = signature('SiLU', 'inplace?');

/** nn.SiLU: F.silu, x sigmoid(x). */
export class SiLU extends Inplace {
  constructor(...args: InplaceArguments) {
    super('SiLU', readSiLU(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.silu(input, this.inplace);
  }
}

const readMish = signature('Mish', 'inplace?');

/** nn.Mish: F.mish, x tanh(softplus(x)). */
export class Mish extends Inplace {
  constructor(...args: InplaceArguments) {
    super('Mish', readMish(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.mish(input, this.inplace);
  }
}

const readHardsigmoid = signature('Hardsigmoid', 'inplace?');

/** nn.Hardsigmoid: F.hardsigmoid, a sigmoid of three lines. */
export class Hardsigmoid extends Inplace {
  constructor(...args: InplaceArguments) {
    super('Hardsigmoid', readHardsigmoid(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

const readHardswish = signature('Hardswish', 'inplace?');

/** nn.Hardswish: F.hardswish, x hardsigmoid(x). */
export class Hardswish extends Inplace {
  constructor(...args: InplaceArguments) {
    super('Hardswish', readHardswish(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.hardswish(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

const readELU = signature('ELU', 'alpha? inplace?');

/** nn.ELU: F.elu, x, or alpha (exp(x) - 1) below 0. */
export class ELU extends Inplace {
  readonly alpha: number;

  constructor(...args: Arguments<[], [alpha: number, inplace: boolean], InplaceOptions & { readonly alpha?: number }>) {
    const [alpha, inplace] = readELU(args);
    super('ELU', inplace);
    this.alpha = numberArgument(alpha, 'ELU', 'alpha', 1);
  }

  override forward(input: Foreign): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }

  protected override optionsText(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

const readCELU = signature('CELU', 'alpha? inplace?');

/** nn.CELU: F.celu, elu with alpha (exp(x / alpha) - 1). */
export class CELU extends Inplace {
  readonly alpha: number;

  constructor(...args: Arguments<[], [alpha: number, inplace: boolean], InplaceOptions & { readonly alpha?: number }>) {
    const [alpha, inplace] = readCELU(args);
    super('CELU', inplace);
    this.alpha = numberArgument(alpha, 'CELU', 'alpha', 1);
  }

  override forward(input: Foreign): Tensor {
    return F.celu(input, this.alpha, this.inplace);
  }

  protected override optionsText(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

const readLeakyReLU = signature('LeakyReLU', 'negative_slope? inplace?');

/** nn.LeakyReLU: F.leaky_relu, x, or negative_slope x below 0. */
export class LeakyReLU extends Inplace {
  readonly negative_slope: number;

  constructor(
    ...args: Arguments<
      [],
      [negative_slope: number, inplace: boolean],
      InplaceOptions & { readonly negative_slope?: number }
    >
  ) {
    const [negative_slope, inplace] = readLeakyReLU(args);
    super('LeakyReLU', inplace);
    this.negative_slope = numberArgument(negative_slope, 'LeakyReLU', 'negative_slope', 0.01);
  }

  override forward(input: Foreign): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace);
  }

  protected override optionsText(): string {
    return `negative_slope=${float(this.negative_slope)}`;
  }
}

const readHardtanh = signature('Hardtanh', 'min_val? max_val? inplace?');

/** nn.Hardtanh: F.hardtanh, x between min_val and max_val. */
export class Hardtanh extends Inplace {
  readonly min_val: number;
  readonly max_val: number;

  constructor(
    ...args: Arguments<
      [],
      [min_val: number, max_val: number, inplace: boolean],
      InplaceOptions & { readonly min_val?: number; readonly max_val?: number }
    >
  ) {
    const [least, most, inplace] = readHardtanh(args);
    super('Hardtanh', inplace);
    this.min_val = numberArgument(least, 'Hardtanh', 'min_val', -1);
    this.max_val = numberArgument(most, 'Hardtanh', 'max_val', 1);
  }

  override forward(input: Foreign): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace);
  }

  protected override optionsText(): string {
    return `min_val=${float(this.min_val)}, max_val=${float(this.max_val)}`;
  }
}

/** nn.Sigmoid: F.sigmoid, 1 / (1 + exp(-x)). */
export class Sigmoid extends Module {
  override forward(input: Foreign): Tensor {
    return F.sigmoid(input);
  }
}

/** nn.Tanh: F.tanh, the hyperbolic tangent. */
export class Tanh extends Module {
  override forward(input: Foreign): Tensor {
    return F.tanh(input);
  }
}

/** nn.Softsign: F.softsign, x / (1 + |x|). */
export class Softsign extends Module {
  override forward(input: Foreign): Tensor {
    return F.softsign(input);
  }
}

/** nn.LogSigmoid: F.logsigmoid, the logarithm of the sigmoid. */
export class LogSigmoid extends Module {
  override forward(input: Foreign): Tensor {
    return F.logsigmoid(input);
  }
}

/** nn.Tanhshrink: F.tanhshrink, x - tanh(x). */
export class Tanhshrink extends Module {
  override forward(input: Foreign): Tensor {
    return F.tanhshrink(input);
  }
}

const readSoftshrink = signature('Softshrink', 'lambd?');

/** nn.Softshrink: F.softshrink, x nearer to 0 by lambd. */
export class Softshrink extends Module {
  readonly lambd: number;

  constructor(...args: Arguments<[], [lambd: number], { readonly lambd?: number }>) {
    super();
    this.lambd = numberArgument(readSoftshrink(args)[0], 'Softshrink', 'lambd', 0.5);
  }

  override forward(input: Foreign): Tensor {
    return F.softshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float(this.lambd);
  }
}

const readHardshrink = signature('Hardshrink', 'lambd?');

/** nn.Hardshrink: F.hardshrink, 0 where |x| <= lambd. */
export class Hardshrink extends Module {
  readonly lambd: number;

  constructor(...args: Arguments<[], [lambd: number], { readonly lambd?: number }>) {
    super();
    this.lambd = numberArgument(readHardshrink(args)[0], 'Hardshrink', 'lambd', 0.5);
  }

  override forward(input: Foreign): Tensor {
    return F.hardshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float(this.lambd);
  }
}

const readGELU = signature('GELU', 'approximate?');

/** nn.GELU: F.gelu, x times the normal distribution's integral up to x. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  constructor(...args: Arguments<[], [approximate: 'none' | 'tanh'], { readonly approximate?: 'none' | 'tanh' }>) {
    super();
    // F.gelu refuses another word, as PyTorch's does: when it is called.
    this.approximate = (readGELU(args)[0] ?? 'none') as 'none' | 'tanh';
  }

  override forward(input: Foreign): Tensor {
    return F.gelu(input, { approximate: this.approximate });
  }

  override extra_repr(): string {
    return optionsText({ approximate: this.approximate });
  }
}

const readSoftplus = signature('Softplus', 'beta? threshold?');

/** nn.Softplus: F.softplus, log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(
    ...args: Arguments<[], [beta: number, threshold: number], { readonly beta?: number; readonly threshold?: number }>
  ) {
    super();
    const [beta, threshold] = readSoftplus(args);
    this.beta = numberArgument(beta, 'Softplus', 'beta', 1);
    this.threshold = numberArgument(threshold, 'Softplus', 'threshold', 20);
  }

  override forward(input: Foreign): Tensor {
    return F.softplus(input, this.beta, this.threshold);
  }

  override extra_repr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
  }
}

const readGLU = signature('GLU', 'dim?');

/** nn.GLU: F.glu, one half times the sigmoid of the other. */
export class GLU extends Module {
  readonly dim: number;

  constructor(...args: Arguments<[], [dim: number], { readonly dim?: number }>) {
    super();
    this.dim = intOr(readGLU(args)[0], 'GLU', 'dim', -1);
  }

  override forward(input: Foreign): Tensor {
    return F.glu(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${this.dim}`;
  }
}

const readPReLU = signature('PReLU', 'num_parameters? init? device?~ dtype?~');

/** nn.PReLU: F.prelu, x, or x times a parameter below 0: one for all channels, or one each. */
export class PReLU extends Module {
  readonly num_parameters: number;
  weight: Parameter;

  constructor(
    ...args: Arguments<
      [],
      [num_parameters: number, init: number],
      FactoryOptions & { readonly num_parameters?: number; readonly init?: number }
    >
  ) {
    super();
    const [count, init, device, type] = readPReLU(args);
    const dtype = factoryDType(device, type, 'PReLU');
    this.num_parameters = intOr(count, 'PReLU', 'num_parameters', 1);
    this.weight = new Parameter(full([this.num_parameters], numberArgument(init, 'PReLU', 'init', 0.25), { dtype }));
  }

  override forward(input: Foreign): Tensor {
    return F.prelu(input, this.weight);
  }

  override extra_repr(): string {
    return `num_parameters=${this.num_parameters}`;
  }
}

/** What goes along one dimension. */
class AlongDim extends Module {
  readonly dim: number | null;

  constructor(name: string, dim: unknown) {
    super();
    this.dim = dim === undefined || dim === null ? null : intArgument(dim, name, 'dim');
  }

  override extra_repr(): string {
    return optionsText({ dim: this.dim });
  }
}

type DimArguments = Arguments<[], [dim: number | null], { readonly dim?: number | null }>;

const readSoftmax = signature('Softmax', 'dim?~');

/** nn.Softmax: F.softmax, exp(x) over its sum along a dimension. */
export class Softmax extends AlongDim {
  constructor(...args: DimArguments) {
    super('Softmax', readSoftmax(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.softmax(input, this.dim);
  }
}

const readLogSoftmax = signature('LogSoftmax', 'dim?~');

/** nn.LogSoftmax: F.log_softmax, the logarithm of softmax. */
export class LogSoftmax extends AlongDim {
  constructor(...args: DimArguments) {
    super('LogSoftmax', readLogSoftmax(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.log_softmax(input, this.dim);
  }
}

const readSoftmin = signature('Softmin', 'dim?~');

/** nn.Softmin: F.softmin, softmax of -x. */
export class Softmin extends AlongDim {
  constructor(...args: DimArguments) {
    super('Softmin', readSoftmin(args)[0]);
  }

  override forward(input: Foreign): Tensor {
    return F.softmin(input, this.dim);
  }
}
