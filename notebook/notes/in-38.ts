import type { Note } from '../note.js';

export function note(): Note {
  return {
    says:
      "Right for SciPy's convolve2d, which turns the filter by 180 degrees. conv2d of PyTorch and TensorFlow is a " +
      'cross-correlation, which does not, and has other gradients: In [39] shows both.',
  };
}
