/** adjoint/scipy/signal against SciPy, cell by cell. */

import * as signal from 'adjoint/scipy/signal';
import { playCells } from '../../support/cells.js';
import { numpyDoor } from '../../support/numpy-cells.js';

playCells('scipy', numpyDoor({ signal }));
