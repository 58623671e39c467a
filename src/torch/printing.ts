/** How tensors look: what set_printoptions has set. */

import type { Tensor as CoreTensor } from '../tensor/tensor.js';
import { defaults, type PrintOptions, tensorText } from '../text/torch.js';
import { defaultFloat } from './default.js';

let printOptions: PrintOptions = defaults;

/** Sets what tensors are printed by; see set_printoptions. */
export function usePrintOptions(change: (current: PrintOptions) => PrintOptions): void {
  printOptions = change(printOptions);
}

/** A tensor's text; `gradFn` names what made it, where that was recorded. */
export function textOf({ shape, dtype, array, node }: CoreTensor, gradFn: string | null): string {
  return tensorText(
    { shape, dtype, data: array },
    { requiresGrad: node !== null, gradFn, defaultDType: defaultFloat() },
    printOptions,
  );
}
