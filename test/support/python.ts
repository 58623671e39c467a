/** What Python's operators, subscripts and calls become by the translation rule. */

/** Methods that stand for operators, by PyTorch's names. */
const methods: { readonly [sign: string]: string } = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** Methods for a number on the left. */
const reflected: { readonly [sign: string]: string } = {
  '+': 'add',
  '-': 'rsub',
  '*': 'mul',
  '/': 'rdiv',
  '**': 'rpow',
  '==': 'eq',
  '!=': 'ne',
  '<': 'gt',
  '<=': 'ge',
  '>': 'lt',
  '>=': 'le',
};

const numeric: { readonly [sign: string]: (a: number, b: number) => unknown } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Whether a value is a tensor or an array of a door. */
export const isArray = (value: unknown): value is { toCore(): unknown } =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'toCore' in value;

/** Whether a value has methods for operators: a tensor, an array, a variable, a dtype. */
const has = (value: unknown, method: string): boolean =>
  value !== null && value !== undefined && typeof value === 'object' && method in value;

/** Arrays that are equal, item by item. */
const sameItems = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((x, i) => sameItems(x, b[i])) : a === b;

/** `a sign b`. */
export function operate(sign: string, a: unknown, b: unknown): unknown {
  const [method, other] = [methods[sign] ?? '', reflected[sign] ?? ''];
  if (!Array.isArray(a) && has(a, method)) return call(attribute(a, method), a, [b]);
  if (isArray(b)) return call(attribute(b, other), b, [a]);
  if (sign === '+' && Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (sign === '+' && typeof a === 'string') return a + String(b);
  if (sign === '==' || sign === '!=') return sameItems(a, b) === (sign === '==');
  const f = numeric[sign];
  if (f === undefined || typeof a !== 'number' || typeof b !== 'number') {
    throw new SyntaxError(`no ${sign} of ${String(a)} and ${String(b)}`);
  }
  return f(a, b);
}

/** `-a`. */
export const negated = (a: unknown): unknown => (isArray(a) ? call(attribute(a, 'neg'), a, []) : -Number(a));

/** A part of a subscript: text where it is a slice. */
export type Index = unknown;

const reader = (owner: unknown): boolean => !Array.isArray(owner) && has(owner, 'at');

/** `owner[index]`; `text` is the index as it stands, where it is made of numbers and slices alone. */
export function item(owner: unknown, index: readonly Index[], text: string | null): unknown {
  if (typeof owner === 'string' || Array.isArray(owner)) return listItem(owner, index);
  if (reader(owner)) return call(attribute(owner, 'at'), owner, text === null ? index : [text]);
  return Reflect.get(Object(owner), String(index[0]), owner);
}

function listItem(owner: string | readonly unknown[], [index]: readonly Index[]): unknown {
  if (typeof index === 'number') return owner.at(index);
  const [start = '', stop = ''] = String(index).split(':');
  return owner.slice(start === '' ? 0 : Number(start), stop === '' ? undefined : Number(stop));
}

/** `owner[index] = value`. */
export function setItem(owner: unknown, index: readonly Index[], text: string | null, value: unknown): void {
  if (reader(owner) && has(owner, 'set_')) {
    call(attribute(owner, 'set_'), owner, text === null ? [...index, value] : [text, value]);
  } else Reflect.set(Object(owner), String(index[0]), value);
}

/** `owner.key`. */
export function attribute(owner: unknown, key: string): unknown {
  if (owner === null || owner === undefined || !(key in Object(owner))) {
    throw new ReferenceError(`${String(owner)} has no '${key}'`);
  }
  return Reflect.get(Object(owner), key, owner);
}

/** `f(...)`; a class makes an object. */
export function call(f: unknown, self: unknown, args: readonly unknown[]): unknown {
  if (typeof f !== 'function') throw new ReferenceError(`${String(f)} can't be called`);
  const isClass = Function.prototype.toString.call(f).startsWith('class');
  return isClass ? Reflect.construct(f, args) : Reflect.apply(f, self, args);
}
