/** adjoint/scipy/signal against SciPy's own results (recorded by tools/record/scipy.py). */

import { readFileSync } from 'node:fs';
import { AdjointError, conv, convSpec, grad, gradcheck, tensor } from 'adjoint';
import * as np from 'adjoint/numpy';
import * as signal from 'adjoint/scipy/signal';
import { describe, expect, it } from 'vitest';
import { scipySpec } from '../../src/conv/scipy.js';
