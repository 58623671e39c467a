/** adjoint/tf against TensorFlow, cell by cell. */

import { playCells } from '../../support/play.js';
import { tfDoor } from '../../support/tf-cells.js';

playCells('tf', tfDoor);
