/**
 * How the thread that runs a job and its helpers meet: through words of the heap, without any message.
 *
 * A helper has a mailbox of its own, whose first word is its state. All helpers of a pool share one block with the
 * job (pool-job.ts). Only these steps exist, each of them one atomic instruction on the state:
 *
 *     the caller                                        the helper
 *     invite    idle, asleep -> invited                 arrive    starting -> idle
 *     withdraw  invited -> idle                         doze      idle -> asleep, after a while of watching
 *     await     working -> awaited, after a while       join      invited -> working
 *                                                       leave     working, awaited -> idle
 *                                                       fail      working, awaited -> failed, with words to say why
 *                                                       end       any -> ended, when the thread exits
 *
 * The caller writes the job, invites, takes tasks itself, and when none is left withdraws what invitations are still
 * open and awaits those who joined. Either `withdraw` or `join` finds the state `invited`, never both, and between
 * `join` and `leave` the caller does not return: so a helper reads a job that is whole and stays, and touches nothing
 * when it comes too late, however late that is. An invitation bears no number: whoever joins joins the job of that
 * moment. So no number can wrap, and a helper that sleeps, or is starved, holds up nobody.
 *
 * Who sleeps, sleeps until the state is no longer `asleep` or `awaited`; who changes one of these wakes the sleeper.
 *
 * When no task is left, each helper has at most one in hand. One that is not back after `patience` of the caller's
 * waiting is taken for dead: there is no other way to know. A thread out of memory, or terminated, says nothing, and
 * a thread that waits here gets no event.
 */

/** A helper's state and what else belongs to it. */
export type Mailbox = Int32Array;

/** 2 KiB: the state, the number of the thread in the job, and what it has to say, each in cache lines of its own. */
export const mailboxWords: number = 512;
const STATE = 0;
const NUMBER = 16;
const LENGTH = 32;
const TEXT = 33;

const starting = 0;
const idle = 1;
const asleep = 2;
const invited = 3;
const working = 4;
const awaited = 5;
const failed = 6;
const ended = 7;

/** Both sides watch for so long (milliseconds) before they sleep: to wake a thread takes 20 to 50 us. */
const watchTime = 0.05;
/** How often the clock is read meanwhile: once in so many looks. */
const looks = 64;
/** The caller sleeps in slices, each of which counts for no more than it was to be: time suspended is no waiting. */
const sliceTime = 50;

/** Watches a state for `time` milliseconds or until it is another than `value`; returns the last one seen. */
function watch(mailbox: Mailbox, value: number, time: number): number {
  const end = performance.now() + time;
  do {
    for (let i = 0; i < looks; i++) {
      const state = Atomics.load(mailbox, STATE);
      if (state !== value) return state;
    }
  } while (performance.now() < end);
  return value;
}

/** One step of the caller, where the state is still `from`. */
const step = (mailbox: Mailbox, from: number, to: number): boolean =>
  Atomics.compareExchange(mailbox, STATE, from, to) === from;

/** The caller's: asks a helper to join as thread `number`; false where it can't, being on its way in or out. */
export function invite(mailbox: Mailbox, number: number): boolean {
  const state = Atomics.load(mailbox, STATE);
  if (state !== idle && state !== asleep) return false;
  mailbox[NUMBER] = number;
  // It may fall asleep in between, but does not wake by itself.
  if (state === idle && step(mailbox, idle, invited)) return true;
  if (!step(mailbox, asleep, invited)) return false;
  Atomics.notify(mailbox, STATE);
  return true;
}

/** The caller's: takes an invitation back; false where the helper has joined. */
export const withdraw = (mailbox: Mailbox): boolean => step(mailbox, invited, idle);

/** Whether a helper has joined and not left. */
export function isOut(mailbox: Mailbox): boolean {
  const state = Atomics.load(mailbox, STATE);
  return state === working || state === awaited;
}

/**
 * The caller's: waits until a helper that has joined leaves, but at most `patience` milliseconds; asleep, where this
 * thread may sleep. Returns the time waited.
 */
export function awaitHelper(mailbox: Mailbox, patience: number, maySleep: boolean): number {
  watch(mailbox, working, watchTime);
  let waited = 0;
  while (waited < patience && isOut(mailbox)) {
    const before = performance.now();
    const slice = Math.min(sliceTime, patience - waited);
    if (!maySleep) watch(mailbox, working, slice);
    else if (step(mailbox, working, awaited) || isOut(mailbox)) Atomics.wait(mailbox, STATE, awaited, slice);
    waited += Math.min(slice, performance.now() - before);
  }
  return waited;
}

/** Whether a helper has said that it works no more. */
export const isGone = (mailbox: Mailbox): boolean => Atomics.load(mailbox, STATE) >= failed;

/** Whether a helper has never been there. */
export const isStarting = (mailbox: Mailbox): boolean => Atomics.load(mailbox, STATE) === starting;

/** What a helper that is gone has said. */
export function lastWords(mailbox: Mailbox): string {
  return String.fromCharCode(...mailbox.slice(TEXT, TEXT + (mailbox[LENGTH] as number)));
}

/** The helper's: it is there. */
export function arrive(mailbox: Mailbox): void {
  Atomics.store(mailbox, STATE, idle);
}

/** The helper's: waits for an invitation and joins; returns the number of this thread in the job. */
export function join(mailbox: Mailbox): number {
  for (;;) {
    let state = watch(mailbox, idle, watchTime);
    if (state === idle) {
      step(mailbox, idle, asleep);
      // Whoever ends this thread wakes it.
      while (Atomics.load(mailbox, STATE) === asleep) Atomics.wait(mailbox, STATE, asleep);
      state = Atomics.load(mailbox, STATE);
    }
    if (state === invited && step(mailbox, invited, working)) return mailbox[NUMBER] as number;
  }
}

/** A step of the helper, from wherever it is; wakes the caller. */
function part(mailbox: Mailbox, state: number): void {
  if (Atomics.exchange(mailbox, STATE, state) === awaited) Atomics.notify(mailbox, STATE);
}

function say(mailbox: Mailbox, text: string): void {
  const length = Math.min(text.length, mailboxWords - TEXT);
  for (let i = 0; i < length; i++) mailbox[TEXT + i] = text.charCodeAt(i);
  mailbox[LENGTH] = length;
}

/** The helper's: it is done with the job. */
export const leave = (mailbox: Mailbox): void => part(mailbox, idle);

/** The helper's: a task failed, and it touches the heap no more. */
export function fail(mailbox: Mailbox, text: string): void {
  say(mailbox, text);
  part(mailbox, failed);
}

/** The helper's: its thread exits. What it has said before stands. */
export function end(mailbox: Mailbox, text: string): void {
  if (isGone(mailbox)) return;
  say(mailbox, text);
  part(mailbox, ended);
}
