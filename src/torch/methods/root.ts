/** How rows become methods: they are put on the prototype once, and declared where they can be documented. */

import type { Composite, Row } from '../row.js';

/** What calls a row, or a function made of rows. */
export abstract class Rooted {
  protected abstract invoke(f: Row | Composite, args: readonly unknown[]): unknown;
}

/** Puts rows on a prototype as methods, the tensor their first argument. */
export function install<Name extends string>(prototype: object, rows: { readonly [N in Name]: Row | Composite }): void {
  for (const [name, f] of Object.entries<Row | Composite>(rows)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: { invoke(f: Row | Composite, args: readonly unknown[]): unknown }, ...args: unknown[]): unknown {
        return this.invoke(f, [this, ...args]);
      },
    });
  }
}
