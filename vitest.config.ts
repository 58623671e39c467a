import type { ViteUserConfig } from 'vitest/config';
import { suites } from './test/suites.js';

const config: ViteUserConfig = {
  test: {
    reporters: ['./test/reporter.ts'],
    projects: suites.map(({ name, device, threads, skipped }) => ({
      test: {
        name,
        include: ['test/**/*.test.ts'],
        exclude: Object.values(skipped).flat(),
        env: { SUITE_DEVICE: device, SUITE_THREADS: String(threads) },
        setupFiles: ['./test/support/choose.ts'],
        // A process a file: heaps, flags of the engine and worker threads of one file can't reach another.
        pool: 'forks' as const,
        maxWorkers: 2,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        // `adjoint` and its doors are loaded as a user loads them: the built files, by Node, through its exports.
        server: { deps: { external: [/\/dist\//] } },
      },
    })),
  },
};

export default config;
