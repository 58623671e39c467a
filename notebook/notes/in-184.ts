import type { Note } from '../note.js';

export function note(): Note {
  return {
    says:
      'Right by luck: padding 1 is the p of the forward pass, and the gradient by x needs k - 1 - p, which for k = 3 ' +
      'is 1 as well. In [185] tries other p.',
  };
}
