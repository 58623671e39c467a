/** What functions of several results return: tuples with names, as `torch.return_types.max`. */

import { inspectByRepr, repr, Tuple } from '../text/python.js';

/** A tuple whose items have names, too. */
export class Returned<T> extends Tuple<T> {
  static {
    inspectByRepr(Returned.prototype);
  }

  #type = '';
  #names: readonly string[] = [];

  /** The items by their names in their order; `type` is the name in torch.return_types. */
  static named<F extends object>(type: string, fields: F): Returned<F[keyof F]> & F {
    const items = new Returned<F[keyof F]>();
    items.#type = type;
    items.#names = Object.keys(fields);
    for (const key in fields) items.push(fields[key]);
    const named = Object.assign(items, fields);
    // A tuple's own properties are its items.
    for (const name of items.#names) Object.defineProperty(named, name, { enumerable: false });
    return named;
  }

  override __repr__(): string {
    const items = this.#names.map((name, i) => `${name}=${repr(this[i])}`);
    return `torch.return_types.${this.#type}(\n${items.join(',\n')})`;
  }
}

/** The results of a function, named: `returned('max', { values, indices })`. */
export const returned = <F extends object>(type: string, fields: F): Returned<F[keyof F]> & F =>
  Returned.named(type, fields);
