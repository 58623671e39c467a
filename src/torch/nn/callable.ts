/** Objects that can be called, as Python's with `__call__` can. */

/** A function with a prototype: a call of it is a call of its `__call__`. */
function callableWith(prototype: object): object {
  const self = (...args: readonly unknown[]): unknown => Reflect.apply(Reflect.get(self, '__call__'), self, args);
  // A function's own name and length would stand before those of its class.
  Reflect.deleteProperty(self, 'name');
  Reflect.deleteProperty(self, 'length');
  return Object.setPrototypeOf(self, prototype);
}

/**
 * The parent of classes whose instances can be called: `new` makes a function of them. Only the constructor is trapped,
 * so that properties cost what they cost anywhere.
 */
export const Callable: new () => object = new Proxy(Object, {
  construct: (_target, _args, newTarget) => callableWith(newTarget.prototype),
});
