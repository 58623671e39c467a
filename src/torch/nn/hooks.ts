/** Functions that are called at some point, until their handle is removed. */

export interface RemovableHandle {
  /** Has the hook called no more. */
  remove(): void;
}

export class Hooks<F> {
  readonly #hooks = new Map<object, F>();

  add(hook: F): RemovableHandle {
    const handle = { remove: (): void => void this.#hooks.delete(handle) };
    this.#hooks.set(handle, hook);
    return handle;
  }

  [Symbol.iterator](): IterableIterator<F> {
    return this.#hooks.values();
  }
}
