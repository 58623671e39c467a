/** Python's exceptions that NumPy throws beside the common ones. */

import { AdjointError } from '../errors.js';

/** A whole number that an integer dtype can't hold. */
export class OverflowError extends AdjointError {}
/** What `np.testing` throws. */
export class AssertionError extends AdjointError {}
/** A step of zero in `arange`. */
export class ZeroDivisionError extends AdjointError {}
