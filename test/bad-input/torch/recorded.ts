/** How PyTorch's recorded refusals are compared with ours. */

/** A recorded call, and the class and first line of what PyTorch raised. */
export type Refusal = readonly [source: string, name: string, message: string];

/** What PyTorch says, in the words that ours begin with: without the position of an argument, in one form. */
export const inOurWords = (message: string): string =>
  message
    .replace(/ \(position \d+\)/, '')
    .replace(/missing 1 required positional arguments?: ["'](\w+)["']/, "missing required argument: '$1'")
    .replace(/^Tensor\./, '')
    .replace('[[3, 1, 2, 2]]', '[3, 1, 2, 2]');

/** TypeErrors of Python itself, or of overloads of which none fits: they tell less than ours. */
export const tellsLittle: RegExp =
  /invalid combination|object is not iterable|positional arguments? but|interpreted as|an invalid keyword|failed to unpack/;

/** Codes by how messages begin: each message has one code. */
export const codes: readonly (readonly [code: string, pattern: RegExp])[] = [
  ['missing-argument', /^\w+\(\) missing required argument: '\w+'/],
  ['unexpected-argument', /^\w+\(\) (got an unexpected keyword argument '\w+'; it has|takes at most \d+ positional)/],
  ['ragged', /^(expected sequence of length|not a sequence|must be real number)/],
  ['axis-out-of-range', /^Dimension out of range/],
  ['groups-invalid', /^(non-positive groups|Given groups=\d+, expected weight to be)/],
  ['channels-mismatch', /^Given .*expected input\[.*channels instead/],
  ['stride-invalid', /^(non-positive stride|dilation should be greater)/],
  [
    'padding-invalid',
    /^(negative (output_)?padding|output padding must|Invalid padding string|padding='same'|Padding length)/,
  ],
  ['padding-invalid', /^narrow\(\)/],
  [
    'size-invalid',
    /^(Calculated padded|kernel size should|Only zero batch|Given input size|Trying to create tensor with neg)/,
  ],
  ['size-invalid', /^([nm] must be greater or equal to 0|am(in|ax)\(\): Expected reduction dim)/],
  [
    'rank-mismatch',
    /^(Expected \d.*input (to|for)|weight should have|both arguments to matmul|t\(\) expects|expand\(torch)/,
  ],
  ['rank-mismatch', /^(permute\(sparse_coo\)|expected \w+ to be a single integer value or a list of)/],
  [
    'shape-mismatch',
    /^(The (size|expanded size)|mm: |size mismatch|inconsistent tensor size|Expected size for first two)/,
  ],
  [
    'shape-mismatch',
    /^(shape '\[|cannot reshape|Mismatch in shape|Given .*expected bias to be|only one element tensors)/,
  ],
  [
    'dtype-mismatch',
    /(not implemented for '|not supported|did not match|should be the same|the same dtype|same dtype,)/,
  ],
  ['dtype-mismatch', /^(mean\(\): could not infer|expected scalar type|For integral input tensors)/],
  ['not-implemented', /^Unrecognised padding mode/],
  ['not-differentiable', /^([Oo]nly Tensors of floating point|element \d of tensors|One of the differentiated)/],
  ['not-a-scalar', /^(a Tensor with \d elements|grad can be implicitly created)/],
  ['unused-input', /^The differentiated Tensor at index/],
  ['bad-call', /^(Can't call numpy|can't retain_grad|you can only change requires_grad)/],
  ['bad-argument', /(\w+\(\):? argument '\w+' must|^gradients can be|^Variable data has|^expected np.ndarray)/],
  [
    'bad-argument',
    /^(value cannot be converted|upper bound|step must|unsupported range|random_ expects|to - 1 is out)/,
  ],
  ['bad-argument', /^(Integers to negative|dim \d appears multiple|permute\(\): duplicate|only one dimension can be)/],
  [
    'bad-argument',
    /^(invalid shape dimension|flatten\(\) has invalid|[ra]tol must be|`inputs` argument|got \d tensors and)/,
  ],
  ['bad-argument', /^(`grad_tensors` and|Expected allow_unused|to\(\): there is no device)/],
];

/** Where we say something else: the class, and what our message begins with. */
export const ours: { readonly [source: string]: readonly [name: string, message: string] } = {
  // A string is no list of numbers: one class for all that is no data.
  "torch.tensor(['abc'])": ['TypeError', "tensor(): argument 'data' must hold numbers"],
  'torch.tensor(lambda: 1)': ['TypeError', "tensor(): argument 'data' must hold numbers"],
  "torch.tensor('abc')": ['TypeError', "tensor(): argument 'data' must hold numbers"],
  // As all others that make a tensor say it.
  'torch.zeros(-1)': ['RuntimeError', 'Trying to create tensor with negative dimension -1: [-1]'],
  'torch.zeros((2, -3))': ['RuntimeError', 'Trying to create tensor with negative dimension -3: [2, -3]'],
  // Two numbers are low and high.
  'torch.randint(3, 2)': ['TypeError', "randint() missing required argument: 'size'"],
  "torch.manual_seed('a')": ['TypeError', "manual_seed(): argument 'seed' must be int, not str"],
  'ones(2).add(None)': ['TypeError', "add() argument 'other' must not be None (null)"],
  // No devices, but names of dtypes.
  "ones(2).to('foo')": ['RuntimeError', "to(): there is no device 'foo'"],
  "ones(2).to('cuda')": ['RuntimeError', "to(): there is no device 'cuda'"],
  'ones(2).to(3)': ['TypeError', "to(): argument 'dtype' must be torch.dtype, not int"],
  // PyTorch takes what it needs of the list.
  'torch.autograd.grad(ones(2, requires_grad=True), ones(2, requires_grad=True), [ones(2), ones(2)])': [
    'RuntimeError',
    'got 1 tensors and 2 gradients',
  ],
  'torch.autograd.grad(ones(2, requires_grad=True).sum(), [3])': [
    'TypeError',
    "grad(): argument 'inputs' must be Tensor or tuple of Tensors, not int",
  ],
  // PyTorch finds fault with the default stride, which has the input's rank.
  'F.conv2d(ones(1, 1, 3, 3), ones(1, 1, 1))': ['RuntimeError', 'Expected 3-dimensional input for 3-dim'],
  'F.conv2d(ones(1, 1, 3, 3), ones(1, 1, 1, 1, 1))': ['RuntimeError', 'Expected 5-dimensional input for 5-dim'],
  'F.conv2d(ones(1, 3, 3), ones(1, 1, 1))': ['RuntimeError', 'Expected 3-dimensional input for 3-dim'],
  'F.conv3d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))': ['RuntimeError', 'Expected 4-dimensional input for 4-dim'],
  'F.conv_transpose2d(ones(1, 1, 3, 3), ones(1, 1, 2))': ['RuntimeError', 'Expected 3-dimensional input for 3-dim'],
  'F.conv_transpose3d(ones(1, 1, 2, 2), ones(1, 1, 2, 2))': ['RuntimeError', 'Expected 4-dimensional input for 4-dim'],
  "F.conv_transpose2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2), output_padding='a')": [
    'TypeError',
    "conv_transpose2d(): argument 'output_padding' must be tuple of ints or one for all dimensions, not 'a'",
  ],
  'F.conv_transpose2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2), dilation=0)': [
    'RuntimeError',
    'dilation should be greater than zero, but got [0, 0]',
  ],
  // PyTorch computes one dimension as two.
  'F.conv_transpose1d(ones(1, 1, 3), ones(1, 1, 2), output_padding=1)': [
    'RuntimeError',
    'output padding must be smaller than either stride or dilation, but got output_padding_width: 1',
  ],
  'F.conv_transpose1d(ones(1, 1, 3), ones(1, 1, 2), padding=2)': [
    'RuntimeError',
    'Given input size per channel: (3). Calculated output size per channel: (0). Output size is too small',
  ],
};
