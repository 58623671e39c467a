/** Functions of the module, from rows. */

import type { Composite, Row } from '../row.js';
import { invoke } from '../tensor.js';

/** The function that a row describes. Its declaration says what it takes and gives; `never` fits them all. */
export const of =
  (f: Row | Composite) =>
  (...args: unknown[]): never =>
    invoke(f, args) as never;
