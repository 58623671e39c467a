/** What a thread of the pool does all its life. */

import { arrive, end, fail, join, leave, mailboxWords } from './mailbox.js';
import { codeOf, jobWords, loadKernel, type Run, stopJob, takeTasks } from './pool-job.js';

/** How a thread of the pool knows that it is one, and where: the heap's memory, and two addresses in it. */
export interface Place {
  readonly role: 'adjoint pool';
  readonly memory: WebAssembly.Memory;
  readonly mailbox: number;
  readonly job: number;
}

export const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' && value !== null && 'role' in value && value.role === 'adjoint pool';

/** So many kernels are kept ready; one that is dropped is compiled again when it is needed. */
const mostKernels = 512;

/** A copy of bytes of the heap; a compiler takes none that are shared. */
function copyOf(memory: WebAssembly.Memory, address: number, bytes: number): Uint8Array<ArrayBuffer> {
  // The memory may have grown in another thread: then this one's buffer is still the shorter one.
  if (address + bytes > memory.buffer.byteLength) memory.grow(0);
  const copy = new Uint8Array(bytes);
  copy.set(new Uint8Array(memory.buffer, address, bytes));
  return copy;
}

/** Joins every job it is invited to, until a task fails or the thread ends. */
export function serve({ memory, mailbox: mailboxAt, job: jobAt }: Place, load: typeof loadKernel = loadKernel): void {
  const mailbox = new Int32Array(memory.buffer, mailboxAt, mailboxWords);
  const job = new Int32Array(memory.buffer, jobAt, jobWords);
  const kernels = new Map<number, Run>();
  const kernelOfJob = (): Run => {
    const { id, address, bytes } = codeOf(job);
    let run = kernels.get(id);
    if (run === undefined) {
      run = load(copyOf(memory, address, bytes), memory);
      const oldest = kernels.keys().next().value;
      if (kernels.size === mostKernels && oldest !== undefined) kernels.delete(oldest);
      kernels.set(id, run);
    }
    return run;
  };
  if (typeof process !== 'undefined') {
    process.on?.('exit', (code) => end(mailbox, `ended with exit code ${code}`));
  }
  arrive(mailbox);
  for (;;) {
    const thread = join(mailbox);
    try {
      takeTasks(job, kernelOfJob(), thread);
    } catch (error) {
      stopJob(job);
      fail(mailbox, `failed: ${String(error)}`);
      return;
    }
    leave(mailbox);
  }
}
