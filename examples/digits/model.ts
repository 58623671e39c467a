/** A small convolutional network for digits of 28 x 28 pixels, and how it learns. tools/record/digits.py is its twin. */

import { tidy } from 'adjoint';
import * as torch from 'adjoint/torch';

const { nn, optim } = torch;

export const BATCH = 32;
export const SEED = 0;

/** Two convolutions, each halved by pooling, and two linear layers: 87,000 parameters. */
class Net extends nn.Module {
  conv1: torch.nn.Conv2d = new nn.Conv2d(1, 12, 3, { padding: 1 });
  conv2: torch.nn.Conv2d = new nn.Conv2d(12, 24, 3);
  fc1: torch.nn.Linear = new nn.Linear(24 * 6 * 6, 96);
  fc2: torch.nn.Linear = new nn.Linear(96, 10);
  pool: torch.nn.MaxPool2d = new nn.MaxPool2d(2);
  drop: torch.nn.Dropout = new nn.Dropout(0.4);

  override forward(images: torch.Tensor): torch.Tensor {
    let x = this.pool(this.conv1(images).relu());
    x = this.pool(this.conv2(x).relu());
    x = this.fc1(x.flatten(1)).relu();
    return this.fc2(this.drop(x));
  }
}

export interface Digits {
  /** (N, 1, 28, 28), from 0 to 1. */
  readonly images: torch.Tensor;
  /** (N), int64. */
  readonly labels: torch.Tensor;
}

/** A network in training: its weights and the order of the digits come from one seed, as in PyTorch. */
export class Training {
  readonly #net: Net;
  readonly #optimizer: torch.optim.Adam;
  readonly #scheduler: torch.optim.lr_scheduler.ExponentialLR;
  readonly #loss = new nn.CrossEntropyLoss();

  constructor(seed: number) {
    torch.manual_seed(seed);
    this.#net = new Net();
    this.#optimizer = new optim.Adam(this.#net.parameters(), { lr: 3e-3 });
    this.#scheduler = new optim.lr_scheduler.ExponentialLR(this.#optimizer, 0.7);
  }

  /** One step for a batch; gives its loss. What it computed on the way is freed at once. */
  step(images: torch.Tensor, labels: torch.Tensor): number {
    return tidy(() => {
      this.#optimizer.zero_grad();
      const loss = this.#loss(this.#net(images), labels);
      loss.backward();
      this.#optimizer.step();
      return Number(loss.item());
    });
  }

  /** Goes once through all digits in random order, a batch at a time, and reports the loss of each. */
  epoch({ images, labels }: Digits, batch: number, report: (loss: number) => void): void {
    const order = torch.randperm(labels.numel());
    for (let at = 0; at < order.numel(); at += batch) {
      const chosen = order.at(`${at}:${at + batch}`);
      report(this.step(images.index_select(0, chosen), labels.index_select(0, chosen)));
    }
    this.#scheduler.step();
  }

  /** The share of digits that the network tells right. */
  accuracy({ images, labels }: Digits, batch = 500): number {
    let right = 0;
    this.#net.eval();
    torch.no_grad(() => {
      for (let at = 0; at < labels.numel(); at += batch) {
        const guessed = this.#net(images.at(`${at}:${at + batch}`)).argmax(1);
        right += Number(
          guessed
            .eq(labels.at(`${at}:${at + batch}`))
            .sum()
            .item(),
        );
      }
    });
    this.#net.train();
    return right / labels.numel();
  }
}
