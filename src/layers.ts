/**
 * The order of the house: a folder of src/ (or a file beside them) imports only from those above it. Those in one row
 * don't know of each other. test/layers.test.ts holds it.
 */
export const layers: readonly (readonly string[])[] = [
  ['errors'],
  ['shape'],
  ['text'],
  // Words and elementary functions that the doors' random streams are made of.
  ['random'],
  ['conv'],
  ['heap'],
  ['kernel'],
  ['encode'],
  ['print'],
  ['device'],
  ['plan'],
  ['ops'],
  ['tensor'],
  ['autodiff'],
  ['jit'],
  ['core'],
  ['door'],
  ['io'],
  // The doors. SciPy's arrays are NumPy's.
  ['torch', 'tf', 'numpy'],
  ['scipy'],
  ['index', 'layers'],
];
