/** Whether operations are recorded: torch.no_grad and its kin. */

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

/**
 * torch.no_grad: runs the callback without recording, and gives what it returns.
 *
 * @example torch.no_grad(() => torch.ones(2, { requires_grad: true }).mul(2)).requires_grad // false
 */
export const no_grad = <T>(body: () => T): T => within(false, body);

/** torch.enable_grad: records again, inside a no_grad. */
export const enable_grad = <T>(body: () => T): T => within(true, body);
