/** Modules of losses. */

import { signature } from '../../door/signature.js';
import type { Foreign } from '../../tensor/foreign.js';
import { intArgument, numberArgument, wrongType } from '../arguments.js';
import * as F from '../functional/index.js';
import type { Reduction } from '../functional/loss.js';
import { Tensor } from '../tensor.js';
import type { Arguments } from './arguments.js';
import { Module } from './module.js';

/** Older names for reduction, which still have their places. */
type Old = boolean | null;

interface LossOptions<R = Reduction> {
  readonly size_average?: Old;
  readonly reduce?: Old;
  readonly reduction?: R;
}

/** What size_average and reduce, if given, say about the reduction. */
function reductionOf(average: unknown, reduce: unknown, reduction: unknown): Reduction {
  if ((average ?? reduce ?? null) === null) return (reduction ?? 'mean') as Reduction;
  if (reduce === false) return 'none';
  return average === false ? 'sum' : 'mean';
}

/** What the losses share. F refuses another reduction, as PyTorch's does: when it is called. */
class Loss extends Module {
  readonly reduction: Reduction;

  constructor(average: unknown, reduce: unknown, reduction: unknown) {
    super();
    this.reduction = reductionOf(average, reduce, reduction);
  }
}

/** A weight that is a buffer, or none. */
function registerWeight(module: Module, name: string, weight: unknown, call: string): void {
  if (weight !== undefined && weight !== null && !(weight instanceof Tensor)) {
    throw wrongType(call, name, 'Tensor', weight);
  }
  module.register_buffer(name, weight ?? null);
}

const readMSELoss = signature('MSELoss', 'size_average?~ reduce?~ reduction?');

/** nn.MSELoss: F.mse_loss, the mean of the squared differences. */
export class MSELoss extends Loss {
  constructor(...args: Arguments<[], [size_average: Old, reduce: Old, reduction: Reduction], LossOptions>) {
    const [average, reduce, reduction] = readMSELoss(args);
    super(average, reduce, reduction);
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    return F.mse_loss(input, target, { reduction: this.reduction });
  }
}

const readL1Loss = signature('L1Loss', 'size_average?~ reduce?~ reduction?');

/** nn.L1Loss: F.l1_loss, the mean of the absolute differences. */
export class L1Loss extends Loss {
  constructor(...args: Arguments<[], [size_average: Old, reduce: Old, reduction: Reduction], LossOptions>) {
    const [average, reduce, reduction] = readL1Loss(args);
    super(average, reduce, reduction);
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

type ByClass = [weight: Tensor | null, size_average: Old, ignore_index: number, reduce: Old, reduction: Reduction];

interface ClassOptions extends LossOptions {
  readonly weight?: Tensor | null;
  readonly ignore_index?: number;
}

/** What the losses of classes share. */
class ClassLoss extends Loss {
  declare weight: Tensor | null;
  readonly ignore_index: number;

  constructor(name: string, values: readonly unknown[]) {
    const [weight, average, ignored, reduce, reduction] = values;
    super(average, reduce, reduction);
    registerWeight(this, 'weight', weight, name);
    this.ignore_index = ignored === undefined ? -100 : intArgument(ignored, name, 'ignore_index');
  }
}

const readNLLLoss = signature('NLLLoss', 'weight?~ size_average?~ ignore_index? reduce?~ reduction?');

/** nn.NLLLoss: F.nll_loss, minus the score of each target class. */
export class NLLLoss extends ClassLoss {
  constructor(...args: Arguments<[], ByClass, ClassOptions>) {
    super('NLLLoss', readNLLLoss(args));
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    const { weight, ignore_index, reduction } = this;
    return F.nll_loss(input, target, { weight, ignore_index, reduction });
  }
}

const readCrossEntropyLoss = signature(
  'CrossEntropyLoss',
  'weight?~ size_average?~ ignore_index? reduce?~ reduction? label_smoothing?',
);

/**
 * nn.CrossEntropyLoss: F.cross_entropy, of scores and classes, or their probabilities.
 *
 * @example
 * const loss = new torch.nn.CrossEntropyLoss();
 * loss(torch.zeros(1, 4), torch.tensor([2], { dtype: torch.int64 })) // tensor(1.3863)
 */
export class CrossEntropyLoss extends ClassLoss {
  readonly label_smoothing: number;

  constructor(
    ...args: Arguments<[], [...ByClass, label_smoothing: number], ClassOptions & { readonly label_smoothing?: number }>
  ) {
    const values = readCrossEntropyLoss(args);
    super('CrossEntropyLoss', values);
    this.label_smoothing = numberArgument(values[5], 'CrossEntropyLoss', 'label_smoothing', 0);
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    const { weight, ignore_index, reduction, label_smoothing } = this;
    return F.cross_entropy(input, target, { weight, ignore_index, reduction, label_smoothing });
  }
}

interface WeightedOptions extends LossOptions {
  readonly weight?: Tensor | null;
}

type Weighted = [weight: Tensor | null, size_average: Old, reduce: Old, reduction: Reduction];

const readBCELoss = signature('BCELoss', 'weight?~ size_average?~ reduce?~ reduction?');

/** nn.BCELoss: F.binary_cross_entropy, of probabilities. */
export class BCELoss extends Loss {
  declare weight: Tensor | null;

  constructor(...args: Arguments<[], Weighted, WeightedOptions>) {
    const [weight, average, reduce, reduction] = readBCELoss(args);
    super(average, reduce, reduction);
    registerWeight(this, 'weight', weight, 'BCELoss');
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    return F.binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

const readBCEWithLogitsLoss = signature(
  'BCEWithLogitsLoss',
  'weight?~ size_average?~ reduce?~ reduction? pos_weight?~',
);

/** nn.BCEWithLogitsLoss: F.binary_cross_entropy_with_logits. */
export class BCEWithLogitsLoss extends Loss {
  declare weight: Tensor | null;
  declare pos_weight: Tensor | null;

  constructor(
    ...args: Arguments<
      [],
      [...Weighted, pos_weight: Tensor | null],
      WeightedOptions & { readonly pos_weight?: Tensor | null }
    >
  ) {
    const [weight, average, reduce, reduction, positive] = readBCEWithLogitsLoss(args);
    super(average, reduce, reduction);
    registerWeight(this, 'weight', weight, 'BCEWithLogitsLoss');
    registerWeight(this, 'pos_weight', positive, 'BCEWithLogitsLoss');
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    const { weight, pos_weight, reduction } = this;
    return F.binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

const readSmoothL1Loss = signature('SmoothL1Loss', 'size_average?~ reduce?~ reduction? beta?');

/** nn.SmoothL1Loss: F.smooth_l1_loss, squared below beta. */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(
    ...args: Arguments<
      [],
      [size_average: Old, reduce: Old, reduction: Reduction, beta: number],
      LossOptions & { readonly beta?: number }
    >
  ) {
    const [average, reduce, reduction, beta] = readSmoothL1Loss(args);
    super(average, reduce, reduction);
    this.beta = numberArgument(beta, 'SmoothL1Loss', 'beta', 1);
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

const readHuberLoss = signature('HuberLoss', 'reduction? delta?');

/** nn.HuberLoss: F.huber_loss, squared below delta. */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(
    ...args: Arguments<
      [],
      [reduction: Reduction, delta: number],
      { readonly reduction?: Reduction; readonly delta?: number }
    >
  ) {
    const [reduction, delta] = readHuberLoss(args);
    super(null, null, reduction);
    this.delta = numberArgument(delta, 'HuberLoss', 'delta', 1);
  }

  override forward(input: Foreign, target: Foreign): Tensor {
    return F.huber_loss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}
