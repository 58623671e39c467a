/**
 * The devices that the suite runs on, and what is left out on each, with the reason. What stands in no list runs
 * everywhere.
 */

export interface Suite {
  readonly name: string;
  readonly device: 'reference' | 'wasm';
  readonly threads: number;
  /** Files that are left out (patterns), by reason. */
  readonly skipped: { readonly [reason: string]: readonly string[] };
}

const ONCE = {
  'chooses its devices itself': ['test/device/**', 'test/browser/**', 'test/notebook/**', 'test/bench.test.ts'],
  'knows of no device': [
    'test/layers.test.ts',
    'test/kernel/**',
    'test/jit/passes.test.ts',
    'test/heap/**',
    'test/package/**',
    'test/golden/text.test.ts',
    'test/golden/torch-random.test.ts',
    'test/golden/npy.test.ts',
    'test/golden/files.test.ts',
    'test/docs/readme.test.ts',
    'test/docs/claims.test.ts',
  ],
};

export const suites: readonly Suite[] = [
  { name: 'wasm, 2 threads', device: 'wasm', threads: 2, skipped: {} },
  { name: 'wasm, 1 thread', device: 'wasm', threads: 1, skipped: ONCE },
  {
    name: 'reference',
    device: 'reference',
    threads: 1,
    skipped: {
      ...ONCE,
      'shows what the default device prints': ['test/docs/examples.test.ts'],
      'is about plans, which the reference has none of': ['test/jit/epilogue.test.ts'],
    },
  },
];
