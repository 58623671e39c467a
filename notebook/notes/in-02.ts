import { repr } from 'adjoint/tf';
import { x_grad, y } from '../cells/in-09.js';
import { alike, elements, type Note } from '../note.js';
import { right } from './in-09.js';

export function note(): Note {
  return {
    says: 'In [9] took its output y for the upstream gradient, so this is y times the right gradient.',
    shows: [['x_grad, put right (by GradientTape)', repr(right)]],
    claims: [
      ['y is -8', alike(y, { tolist: () => -8 })],
      ['x_grad is -8 times the right one, in every place', alike(x_grad, right.mul(-8))],
      ['the right one is not zero', elements(right).some((value) => value !== 0)],
    ],
  };
}
