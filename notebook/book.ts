/** The notebook's cells in its order, what each computes, and what becomes of it here. */

/**
 * What a cell comes to: `same`, its output is the recorded one and right; or a note says why that is not all:
 * `wrong`, the notebook made a mistake; `runs`, it kept outputs of two different runs; `convention`, it is right for
 * another convolution than the frameworks'; `luck`, right for these sizes only; `recovered`, a cell of ours.
 */
export type Kind = 'same' | 'wrong' | 'runs' | 'convention' | 'luck' | 'recovered';

export interface Cell {
  /** As the notebook numbers it. */
  readonly name: string;
  /** As its files are named, in cells/, notes/ and recorded/. */
  readonly file: string;
  readonly framework: string;
  /** In a few words. */
  readonly computes: string;
  readonly expects: Kind;
}

const cell = (number: number, framework: string, computes: string, expects: Kind = 'same'): Cell => ({
  name: `In [${number}]`,
  file: `in-${String(number).padStart(2, '0')}`,
  framework,
  computes,
  expects,
});

export const cells: readonly Cell[] = [
  cell(1, 'PyTorch', 'both gradients, by autograd'),
  cell(8, 'PyTorch', 'both, by conv_transpose2d and conv2d'),
  cell(10, 'TensorFlow', 'both, by GradientTape'),
  cell(9, 'TensorFlow', 'both by hand, y for the upstream', 'wrong'),
  cell(2, 'TensorFlow', 'x_grad of In [9]: -8 x the right one', 'wrong'),
  cell(38, 'SciPy', 'a function that gives both', 'convention'),
  cell(39, 'SciPy', 'both, of a true convolution', 'convention'),
  cell(63, 'PyTorch', 'd_x by autograd, and by hand', 'wrong'),
  cell(64, 'PyTorch', 'd_x by hand: 2 x 2 for 4 x 4', 'runs'),
  cell(60, 'PyTorch', 'd_x by autograd'),
  cell(85, 'PyTorch', '3 filters on 3 images, padding 1'),
  cell(86, 'PyTorch', 'grad_x by autograd'),
  cell(87, 'PyTorch', 'grad_w by autograd'),
  cell(177, 'PyTorch', 'both by hand, padding 1'),
  cell(178, 'PyTorch', 'the shape of grad_y'),
  cell(179, 'PyTorch', 'grad_x by conv_transpose2d'),
  cell(180, 'PyTorch', 'grad_w by conv2d'),
  cell(181, 'PyTorch', 'both by autograd'),
  cell(182, 'PyTorch', 'grad_x by autograd'),
  cell(183, 'PyTorch', 'grad_w by autograd'),
  cell(184, 'PyTorch', 'grad_x by conv2d, filter turned', 'luck'),
  cell(185, 'PyTorch', 'the same, its figures', 'luck'),
  {
    name: 'ours',
    file: 'not-printed',
    framework: 'adjoint',
    computes: "what the notebook didn't print",
    expects: 'recovered',
  },
];
