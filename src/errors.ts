/**
 * The errors of the house. Each is a Python exception's namesake (the translation rule, 9), so that a ported
 * `except ValueError` has something to catch; `code` names the cause and does not change between versions.
 */

/** What went wrong, as a word a program may rely on. */
export type ErrorCode =
  | 'axis-out-of-range'
  | 'bad-argument'
  | 'bad-call'
  | 'channels-mismatch'
  | 'check-failed'
  | 'data-invalid'
  | 'device-failed'
  | 'disposed'
  | 'dtype-mismatch'
  | 'file-invalid'
  | 'graph-freed'
  | 'groups-invalid'
  | 'index-out-of-range'
  | 'inexact-integer'
  | 'kernel-invalid'
  | 'missing-argument'
  | 'modified-in-place'
  | 'not-a-scalar'
  | 'not-differentiable'
  | 'not-implemented'
  | 'out-of-memory'
  | 'padding-invalid'
  | 'ragged'
  | 'rank-mismatch'
  | 'shape-mismatch'
  | 'size-invalid'
  | 'stride-invalid'
  | 'too-large'
  | 'traced'
  | 'unexpected-argument'
  | 'unused-input';

/** The parent of every error that adjoint throws on purpose. */
export class AdjointError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }
}

/** PyTorch's usual exception: shapes, dtypes and graphs that don't fit. */
export class RuntimeError extends AdjointError {}
/** An argument of the right type with a value that is not allowed. */
export class ValueError extends AdjointError {}
/** Python's TypeError: an argument of the wrong type, a missing or an unknown one. */
export class TypeError_ extends AdjointError {}
/** Python's IndexError: a dimension or index out of range. */
export class IndexError extends AdjointError {}
/** Python's KeyError: a name that isn't there, or can't be one. */
export class KeyError extends AdjointError {}
/** NumPy's AxisError, there a ValueError and an IndexError in one. */
export class AxisError extends ValueError {}
/** Python's NotImplementedError: the framework has no such thing. */
export class NotImplementedError extends RuntimeError {}
/** Python's OverflowError: a whole number that an integer dtype can't hold. */
export class OverflowError extends AdjointError {}
/** Python's ZeroDivisionError: a step of zero in NumPy's arange. */
export class ZeroDivisionError extends AdjointError {}
/** Python's AssertionError: what np.testing throws. */
export class AssertionError extends AdjointError {}
/** TensorFlow's OpError: the parent of what its operations throw. */
export class OpError extends AdjointError {}
/** TensorFlow's InvalidArgumentError. */
export class InvalidArgumentError extends OpError {}
/** TensorFlow's UnimplementedError. */
export class UnimplementedError extends OpError {}
/** PyTorch's GradcheckError: an analytic gradient is not the numeric one. */
export class GradcheckError extends RuntimeError {}
/** No memory left: past the heap's limit, or refused by the host. PyTorch's OutOfMemoryError is a RuntimeError too. */
export class OutOfMemoryError extends RuntimeError {}
/** A kernel or a thread that runs one failed. The result of the call is lost; the next call works. */
export class DeviceError extends RuntimeError {}
