/** NumPy's SeedSequence: entropy of any length, mixed into as many words of state as a generator asks for. */

const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/** Words of the pool. */
const POOL = 4;

const folded = (word: number): number => (word ^ (word >>> 16)) >>> 0;

const mixed = (x: number, y: number): number => folded(Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y));

/** A whole number from 0 on as its 32-bit words, the lowest first; 0 is one word. */
export function wordsOf(integer: bigint): number[] {
  const words: number[] = [];
  for (let rest = integer; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}

/** The pool that entropy and the key of a spawned child fill. */
export function poolOf(entropy: readonly number[], spawnKey: readonly number[] = []): Uint32Array {
  const padding = spawnKey.length > 0 ? new Array<number>(Math.max(0, POOL - entropy.length)).fill(0) : [];
  const words = [...entropy, ...padding, ...spawnKey];
  const pool = new Uint32Array(POOL);
  let constant = INIT_A;
  const hash = (word: number): number => {
    const value = word ^ constant;
    constant = Math.imul(constant, MULT_A);
    return folded(Math.imul(value, constant));
  };
  for (let i = 0; i < POOL; i++) pool[i] = hash(words[i] ?? 0);
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) {
      if (from !== to) pool[to] = mixed(pool[to] as number, hash(pool[from] as number));
    }
  }
  for (const word of words.slice(POOL)) {
    for (let to = 0; to < POOL; to++) pool[to] = mixed(pool[to] as number, hash(word));
  }
  return pool;
}

/** `count` words of state from a pool. */
export function stateOf(pool: Uint32Array, count: number): Uint32Array {
  let constant = INIT_B;
  return Uint32Array.from({ length: count }, (_, i) => {
    const value = (pool[i % POOL] as number) ^ constant;
    constant = Math.imul(constant, MULT_B);
    return folded(Math.imul(value, constant));
  });
}
