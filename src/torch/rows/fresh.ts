/** New tensors of an old one's dtype, as methods have them: x.new_zeros and its kin. */

import { isKeywords } from '../../door/signature.js';
import { RuntimeError } from '../../errors.js';
import { type DType, isFloat } from '../../shape/dtype.js';
import { checkSize } from '../../shape/shape.js';
import { full } from '../../tensor/tensor.js';
import { boolArgument, intsArgument, isWhole, numberOf, tensorArgument } from '../arguments.js';
import { readData } from '../data.js';
import { checkDevice, dtypeArgument } from '../dtype.js';
import { type Caller, type Composite, composite, type Door, type Row, reader, row } from '../row.js';

const dtypeOr = (dtype: unknown, own: DType, call: string): DType =>
  dtype === undefined || dtype === null ? own : dtypeArgument(dtype, call);

const filled = row('new_full', 'input size value dtype~', '', ([input, size, value, dtype]) => {
  const shape = intsArgument(size, 'new_full', 'size');
  const negative = shape.find((length) => length < 0);
  if (negative !== undefined) {
    const message = `Trying to create tensor with negative dimension ${negative}: [${shape.join(', ')}]`;
    throw new RuntimeError('size-invalid', message);
  }
  checkSize(shape, 'the tensor');
  const name = dtypeOr(dtype, tensorArgument(input, 'new_full', 'input').dtype, 'new_full');
  const number = numberOf(value, 'new_full', 'fill_value');
  return full({ shape: [...shape], dtype: name }, isFloat(name) || name === 'bool' ? number : Math.trunc(number));
});

const copied = row('new_tensor', 'input data dtype~', '', ([input, data, dtype]) =>
  readData(data, dtypeOr(dtype, tensorArgument(input, 'new_tensor', 'input').dtype, 'new_tensor')),
);

const OPTIONS = 'dtype=~ device=~ requires_grad=';

/** A leaf, made by a row. */
function made<T extends Door>(
  call: Caller<T>,
  by: Row,
  args: readonly unknown[],
  name: string,
  device: unknown,
  requires: unknown,
): T {
  checkDevice(device, name);
  const wanted = boolArgument(requires, name, 'requires_grad');
  const result = call(by, args);
  if (wanted) result.requires_grad_(true);
  return result;
}

/** Sizes one by one or as a list. */
function fresh(name: string, value: number): Composite {
  const read = reader(name, `input size ${OPTIONS}`);
  return composite(name, (args, call) => {
    const [self, ...rest] = args;
    const sizes = isKeywords(rest.at(-1)) ? rest.slice(0, -1) : rest;
    const given = isWhole(sizes[0]) ? [self, sizes, ...rest.slice(sizes.length)] : args;
    const [input, size, dtype, device, requires] = read(given);
    return made(call, filled, [input, size, value, dtype ?? null], name, device, requires);
  });
}

const readFull = reader('new_full', `input size fill_value ${OPTIONS}`);
const readTensor = reader('new_tensor', `input data ${OPTIONS}`);

type FreshName = 'new_zeros' | 'new_ones' | 'new_empty' | 'new_full' | 'new_tensor';

export const freshes: { readonly [N in FreshName]: Composite } = {
  new_zeros: fresh('new_zeros', 0),
  new_ones: fresh('new_ones', 1),
  new_empty: fresh('new_empty', 0),
  new_full: composite('new_full', (args, call) => {
    const [input, size, value, dtype, device, requires] = readFull(args);
    return made(call, filled, [input, size, value, dtype ?? null], 'new_full', device, requires);
  }),
  new_tensor: composite('new_tensor', (args, call) => {
    const [input, data, dtype, device, requires] = readTensor(args);
    return made(call, copied, [input, data, dtype ?? null], 'new_tensor', device, requires);
  }),
};
