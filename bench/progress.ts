/** How far a benchmark has come: a bar on standard error, where that is a terminal. */

const WIDTH = 30;

export interface Progress {
  /** Begins the next of the steps. */
  step(what: string): void;
  /** Wipes the bar away. */
  end(): void;
}

/** A bar for so many steps. */
export function startProgress(steps: number): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { step() {}, end() {} };
  let done = 0;
  return {
    step(what) {
      const filled = Math.floor((WIDTH * done) / steps);
      done++;
      stderr.write(`\r\x1b[K[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${steps}  ${what}`);
    },
    end() {
      stderr.write('\r\x1b[K');
    },
  };
}
