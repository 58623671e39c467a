/** adjoint/numpy against NumPy, cell by cell. */

import { numpyDoor } from '../../support/numpy-cells.js';
import { playCells } from '../../support/play.js';

playCells('numpy', numpyDoor({}));
