/** adjoint/torch: PyTorch's names. `import * as torch from 'adjoint/torch'`, then `const F = torch.nn.functional`. */

import { backward, grad, Variable } from './autograd.js';
import { CustomFunction, type FunctionCtx, once_differentiable } from './function.js';
import { gradcheck, gradgradcheck } from './gradcheck.js';
import { hessian, hvp, jacobian, jvp, vhp, vjp } from './jacobians.js';
import { enable_grad, inference_mode, no_grad, set_grad_enabled } from './mode.js';

export type { FunctionCtx };

import { type DType, dtypeOf } from './dtype.js';
import { aten } from './ops.js';

export {
  AdjointError,
  AssertionError,
  GradcheckError,
  IndexError,
  KeyError,
  NotImplementedError,
  RuntimeError,
  TypeError_,
  ValueError,
  ZeroDivisionError,
} from '../errors.js';
export { print, repr, str } from '../text/python.js';
export {
  arange,
  eye,
  from_numpy,
  full,
  ones,
  ones_like,
  set_printoptions,
  tensor,
  zeros,
  zeros_like,
} from './create.js';
export * from './draws.js';
export { DType as dtype, device, Size } from './dtype.js';
export {
  can_cast,
  finfo,
  get_default_dtype,
  iinfo,
  is_floating_point,
  numel,
  promote_types,
  result_type,
  set_default_dtype,
} from './dtypes.js';
export {
  adaptive_avg_pool1d,
  avg_pool1d,
  bilinear,
  celu,
  celu_,
  channel_shuffle,
  conv_transpose1d,
  conv_transpose2d,
  conv_transpose3d,
  conv1d,
  conv2d,
  conv3d,
  cosine_similarity,
  group_norm,
  hardshrink,
  layer_norm,
  max_pool1d,
  max_pool1d_with_indices,
  max_pool2d,
  max_pool3d,
  pairwise_distance,
  pixel_shuffle,
  pixel_unshuffle,
  prelu,
  relu_,
  rms_norm,
  selu,
  selu_,
  threshold,
  threshold_,
} from './functional/index.js';
export * from './functions.js';
export { enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled } from './mode.js';
export * as random from './random-state.js';
export {
  Generator,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  set_rng_state,
} from './random-state.js';
export * from './ranges.js';
export { Tensor } from './tensor.js';

export const float32: DType = dtypeOf.float32;
export const float: DType = dtypeOf.float32;
export const float64: DType = dtypeOf.float64;
export const double: DType = dtypeOf.float64;
export const int32: DType = dtypeOf.int32;
export const int: DType = dtypeOf.int32;
export const int64: DType = dtypeOf.int64;
export const long: DType = dtypeOf.int64;
export const uint8: DType = dtypeOf.uint8;
export const bool: DType = dtypeOf.bool;

/** torch.autograd. */
export const autograd: {
  readonly grad: typeof grad;
  readonly backward: typeof backward;
  readonly Variable: typeof Variable;
  readonly Function: typeof CustomFunction;
  readonly gradcheck: typeof gradcheck;
  readonly gradgradcheck: typeof gradgradcheck;
  readonly no_grad: typeof no_grad;
  readonly enable_grad: typeof enable_grad;
  readonly inference_mode: typeof inference_mode;
  readonly set_grad_enabled: typeof set_grad_enabled;
  /** torch.autograd.function. */
  readonly function: { readonly once_differentiable: typeof once_differentiable };
  /** torch.autograd.functional. */
  readonly functional: {
    readonly jacobian: typeof jacobian;
    readonly hessian: typeof hessian;
    readonly vjp: typeof vjp;
    readonly jvp: typeof jvp;
    readonly hvp: typeof hvp;
    readonly vhp: typeof vhp;
  };
} = {
  grad,
  backward,
  Variable,
  Function: CustomFunction,
  gradcheck,
  gradgradcheck,
  no_grad,
  enable_grad,
  inference_mode,
  set_grad_enabled,
  function: { once_differentiable },
  functional: { jacobian, hessian, vjp, jvp, hvp, vhp },
};

/** torch.func. */
export * as func from './func.js';
export * as linalg from './linalg.js';
export * as nn from './nn/index.js';
export * as optim from './optim/index.js';

/** torch.ops. */
export const ops: { readonly aten: typeof aten } = { aten };
