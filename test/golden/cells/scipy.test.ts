/** adjoint/scipy/signal against SciPy, cell by cell. */

import * as signal from 'adjoint/scipy/signal';
import { numpyDoor } from '../../support/numpy-cells.js';
import { playCells } from '../../support/play.js';

playCells('scipy', numpyDoor({ signal }));
