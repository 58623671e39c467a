/** The draws behind the notebook's random outputs. */

import type { TensorLike } from 'adjoint';
import * as torch from 'adjoint/torch';

/**
 * The notebook drew its inputs without a seed and printed only what came of them. This puts the draw recovered from
 * those figures (cells/not-printed.ts shows how) in the place of a fresh one, so that a cell keeps its drawing line.
 *
 * @param draw what the cell draws: it says the shape, the dtype and whether a gradient is wanted
 * @param values the elements that the notebook must have drawn, broadcast to that shape
 * @throws RuntimeError where the values can't be broadcast to the shape of the draw
 */
export function drawn(draw: torch.Tensor, values: TensorLike): torch.Tensor {
  const { shape, dtype, requires_grad } = draw;
  return torch.tensor(torch.tensor(values).expand(shape), { dtype, requires_grad });
}
