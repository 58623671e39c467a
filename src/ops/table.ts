/** All primitives. A missing piece is a type error. */

import { contraction } from './contraction.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import type { Params, Primitive, PrimitiveName } from './primitive.js';
import { reductions } from './reduction.js';
import { structure } from './structure.js';

export const table: { readonly [N in PrimitiveName]: Primitive<Params[N]> } = {
  ...elementwise,
  ...structure,
  ...reductions,
  ...contraction,
  ...convolution,
};
