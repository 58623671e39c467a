/** Whether operations are recorded: torch.no_grad and its kin. */

import { TypeError_ } from '../errors.js';
import { show } from '../shape/shape.js';

let enabled = true;

/** torch.is_grad_enabled: whether operations on tensors that require grad are recorded now. */
export const is_grad_enabled = (): boolean => enabled;

/** Runs the callback with recording on or off, and gives what it returns. */
export function within<T>(mode: boolean, body: () => T): T {
  const before = enabled;
  enabled = mode;
  try {
    return body();
  } finally {
    enabled = before;
  }
}

/** With a callback, runs it; without, switches now and back when what is returned is disposed of, as `using` does. */
interface Mode {
  <T>(body: () => T): T;
  (): Disposable;
}

function mode(recording: boolean): Mode {
  return (body?: unknown) => {
    if (typeof body === 'function') return within(recording, () => Reflect.apply(body, undefined, []));
    if (body !== undefined) {
      throw new TypeError_('bad-argument', `no_grad and enable_grad take a function, not ${show(body)}`);
    }
    const before = enabled;
    enabled = recording;
    return {
      [Symbol.dispose]() {
        enabled = before;
      },
    };
  };
}

/**
 * torch.no_grad: runs the callback without recording, and gives what it returns; or, as a `using` declaration, holds to
 * the end of the block.
 *
 * @example torch.no_grad(() => torch.ones(2, { requires_grad: true }).mul(2)).requires_grad // false
 */
export const no_grad: Mode = mode(false);

/** torch.enable_grad: records again, inside a no_grad; called as no_grad is. */
export const enable_grad: Mode = mode(true);
