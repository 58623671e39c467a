import * as torch from 'adjoint/torch';
import { repr } from 'adjoint/torch';
import { d_x, d_x_manual } from '../cells/in-63.js';
import { figures } from '../files.js';
import { alike, elements, type Note } from '../note.js';
import { mended } from './in-63.js';

export function note(recorded: string): Note {
  const difference = elements(d_x_manual.sub(torch.tensor(figures(recorded))));
  return {
    says:
      'The formula is wrong, as In [63] says. And the recorded figures are of another run than those of In [60]: ' +
      'these come of one w and one out_scale alone, and with them the same formula gives the figures above.',
    shows: [
      ['the notebook recorded', recorded],
      ['d_x_manual, put right', repr(mended)],
    ],
    claims: [
      [`the figures are off by ${difference.join(', ')}`, String(difference) === '804,994,-778,-144'],
      ['at the worst by 994', Math.max(...difference.map(Math.abs)) === 994],
      ['but for its figures, the text is the recorded one', layout(repr(d_x_manual)) === layout(recorded)],
      ['put right, it is the d_x of In [60]', alike(mended, d_x)],
    ],
  };
}

/** A tensor's text without its figures. */
const layout = (text: string): string => text.replace(/\d+\./g, '');
