/** A bar on standard error, where that is a terminal. */

const WIDTH = 30;

export interface Progress {
  /** One step more, and what is to be said of it. */
  step(text: string): void;
  /** Wipes the bar away. */
  end(): void;
}

/** A bar for so many steps; none where nobody would see it, or NO_COLOR asks for plain text. */
export function startProgress(steps: number): Progress {
  const { stderr, env } = process;
  const { NO_COLOR = '' } = env;
  if (!stderr.isTTY || NO_COLOR !== '') return { step() {}, end() {} };
  let done = 0;
  return {
    step(text) {
      done++;
      const filled = Math.round((WIDTH * done) / steps);
      stderr.write(`\r\x1b[K[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${steps}  ${text}`);
    },
    end() {
      stderr.write('\r\x1b[K');
    },
  };
}
