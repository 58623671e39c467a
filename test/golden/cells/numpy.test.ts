/** adjoint/numpy against NumPy, cell by cell. */

import { playCells } from '../../support/cells.js';
import { numpyDoor } from '../../support/numpy-cells.js';

playCells('numpy', numpyDoor({}));
