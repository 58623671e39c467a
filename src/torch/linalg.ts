/** torch.linalg: the norms. */

import { NotImplementedError } from '../errors.js';
import type { Foreign } from '../tensor/foreign.js';
import { typeName } from './arguments.js';
import type { Dims, DTypeLike } from './calls.js';
import { of } from './functions/of.js';
import { composite, reader } from './row.js';
import { moments } from './rows/moments.js';
import type { Tensor } from './tensor.js';

interface NormOptions {
  readonly ord?: number;
  readonly dim?: Dims;
  readonly keepdim?: boolean;
  readonly dtype?: DTypeLike | null;
}

interface VectorNorm {
  (x: Foreign, ord?: number, dim?: Dims, keepdim?: boolean): Tensor;
  (x: Foreign, options: NormOptions): Tensor;
  (x: Foreign, ord: number, options: NormOptions): Tensor;
}

/**
 * torch.linalg.vector_norm: the norm of all elements, or over `dim`; of order 2 by default, which may be infinite or 0.
 *
 * @throws NotImplementedError for integers
 */
export const vector_norm: VectorNorm = of(moments.vector_norm);

const read = reader('linalg_norm', 'A ord?~ dim?~ keepdim? dtype=~');

/**
 * torch.linalg.norm: the norm of a vector, or of all elements where no order is named.
 *
 * @throws NotImplementedError for the norms of matrices by order
 */
export const norm: VectorNorm = of(
  composite('linalg_norm', (args, call) => {
    const [A, ord, dim, keepdim, dtype] = read(args);
    const rank = typeof A === 'object' && A !== null && 'shape' in A && Array.isArray(A.shape) ? A.shape.length : 1;
    const isMatrix =
      ord !== undefined &&
      ord !== null &&
      (Array.isArray(dim) ? dim.length === 2 : rank === 2 && typeof dim !== 'number');
    if (isMatrix || typeof ord === 'string') {
      throw new NotImplementedError(
        'not-implemented',
        `linalg.norm: there is no norm of matrices of order ${typeof ord === 'string' ? ord : typeName(ord)}`,
      );
    }
    return call(moments.vector_norm, [A, ord ?? 2, dim, keepdim, { dtype: dtype ?? null }]);
  }),
);
