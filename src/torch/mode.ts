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

/**
 * torch.inference_mode: as no_grad here.
 *
 * @example torch.inference_mode(() => torch.ones(2, { requires_grad: true }).mul(2)).requires_grad // false
 */
export const inference_mode: Mode = mode(false);

/**
 * torch.set_grad_enabled: records from now on, or not; given a callback too, only while that runs. The end of a `using`
 * block switches back.
 *
 * @example torch.set_grad_enabled(false, () => torch.is_grad_enabled()) // false
 */
export function set_grad_enabled(mode: boolean): Disposable;
export function set_grad_enabled<T>(mode: boolean, body: () => T): T;
export function set_grad_enabled(wanted: unknown, body?: () => unknown): unknown {
  if (typeof wanted !== 'boolean') {
    throw new TypeError_('bad-argument', `set_grad_enabled(): argument 'mode' must be bool, not ${show(wanted)}`);
  }
  if (body !== undefined) return within(wanted, body);
  const before = enabled;
  enabled = wanted;
  return {
    [Symbol.dispose]() {
      enabled = before;
    },
  };
}
