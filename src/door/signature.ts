/** Calls by Python's rule: positional arguments in order, keyword arguments in one plain object behind them. */

import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';

/** An object literal, and so a set of keyword arguments; arrays, typed arrays and tensors are values. */
export function isKeywords(value: unknown): value is { readonly [name: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a parameter of a Python function may be given. */
export interface Parameter {
  readonly name: string;
  /** Must be given. */
  readonly required: boolean;
  /** Only by name, as what stands behind `*` in Python. */
  readonly keywordOnly: boolean;
  /** null (Python's None) is a value it takes. */
  readonly nullable: boolean;
}

/**
 * Parameters from their text, such as `input weight bias?~ stride? out=`: a `?` behind those with a default, a `=`
 * behind those with one that go by keyword only, then a `~` behind those that take None.
 */
function parameters(text: string): Parameter[] {
  return text.split(' ').map((word) => ({
    name: word.replace(/[?=~]/g, ''),
    required: !/[?=]/.test(word),
    keywordOnly: word.includes('='),
    nullable: word.includes('~'),
  }));
}

/**
 * A reader of arguments: gives the values in the order of the parameters, undefined for what has its default.
 *
 * @param aliases other names that a parameter may be given by
 * @throws TypeError_ as Python does: too many, unknown, missing, given twice, or None where it is no value
 * @example signature('flip', 'input dims')([[1, 2], { dims: [0] }]) // [[1, 2], [0]]
 */
export function signature(
  name: string,
  text: string,
  aliases: { readonly [alias: string]: string } = {},
): (args: readonly unknown[]) => readonly unknown[] {
  const list = parameters(text);
  const positionOf = (key: string): number => {
    const own = list.findIndex((parameter) => parameter.name === key);
    return own >= 0 || !Object.hasOwn(aliases, key) ? own : positionOf(aliases[key] as string);
  };
  const positional = list.filter((parameter) => !parameter.keywordOnly).length;
  const fail = (code: 'missing-argument' | 'unexpected-argument' | 'bad-argument', message: string): never => {
    throw new TypeError_(code, `${name}() ${message}`);
  };
  return (args) => {
    const last = args[args.length - 1];
    const keywords = args.length > 0 && isKeywords(last) ? last : undefined;
    const count = keywords === undefined ? args.length : args.length - 1;
    if (count > positional) {
      fail('unexpected-argument', `takes at most ${positional} positional arguments, but ${count} were given`);
    }
    const values = new Array<unknown>(list.length);
    for (let i = 0; i < count; i++) values[i] = args[i];
    if (keywords !== undefined) {
      for (const key of Object.keys(keywords)) {
        const at = positionOf(key);
        if (at < 0)
          fail(
            'unexpected-argument',
            `got an unexpected keyword argument '${key}'; it has ${text.replace(/[?=~]/g, '')}`,
          );
        if (values[at] !== undefined) fail('unexpected-argument', `got multiple values for argument '${key}'`);
        values[at] = keywords[key];
      }
    }
    for (let i = 0; i < list.length; i++) {
      const parameter = list[i] as Parameter;
      if (values[i] === undefined) {
        if (parameter.required) fail('missing-argument', `missing required argument: '${parameter.name}'`);
      } else if (values[i] === null && !parameter.nullable) {
        fail('bad-argument', `argument '${parameter.name}' must not be None (null)`);
      }
    }
    return values;
  };
}

/** A boolean argument, or its default. */
export function flag(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean')
    throw new TypeError_('bad-argument', `${name} must be true or false, not ${show(value)}`);
  return value;
}

/** A numeric argument, or its default. */
export function number(value: unknown, name: string, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'number') throw new TypeError_('bad-argument', `${name} must be a number, not ${show(value)}`);
  return value;
}
