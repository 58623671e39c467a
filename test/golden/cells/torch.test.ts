/** adjoint/torch against PyTorch, cell by cell. */

import { playCells } from '../../support/play.js';
import { torchDoor } from '../../support/torch-cells.js';

playCells('torch', torchDoor);
