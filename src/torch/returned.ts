/** What functions of several results return: tuples with names, as `torch.return_types.max`. */

import { inspectByRepr, repr, Tuple } from '../text/python.js';

/** A tuple whose items have names. */
export class Returned<T> extends Tuple<T> {
  static {
    inspectByRepr(Returned.prototype);
  }

  /** The name in torch.return_types. */
  #name = '';

  /** Fills in the items, by their names in their order. */
  static of_<F extends object>(name: string, fields: F): Returned<F[keyof F]> & F {
    const items = new Returned<F[keyof F]>();
    items.#name = name;
    for (const key in fields) items.push(fields[key]);
    return Object.assign(items, fields);
  }

  override __repr__(): string {
    const names = Object.keys(this).filter((key) => !/^\d+$/.test(key));
    return `torch.return_types.${this.#name}(\n${names.map((key, i) => `${key}=${repr(this[i])}`).join(',\n')})`;
  }
}

/** The results of a function, named: `returned('max', { values, indices })`. */
export const returned = <F extends object>(name: string, fields: F): Returned<F[keyof F]> & F =>
  Returned.of_(name, fields);
