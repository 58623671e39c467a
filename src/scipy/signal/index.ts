/** adjoint/scipy/signal: SciPy's names. `import * as signal from 'adjoint/scipy/signal'`. */

export { AdjointError, NotImplementedError, TypeError_, ValueError } from '../../errors.js';
export { print, repr, str } from '../../text/python.js';
export {
  type ConvolveOptions,
  choose_conv_method,
  convolve,
  correlate,
  correlation_lags,
} from './convolve.js';
export { type Boundary, convolve2d, correlate2d, type Options2d } from './convolve2d.js';
export { type FftOptions, fftconvolve, oaconvolve } from './fftconvolve.js';
export type { Method } from './method.js';
