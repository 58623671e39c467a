import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    // A process a file: heaps, flags of the engine and worker threads of one file can't reach another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['./test/reporter.ts'],
    // `adjoint` and its doors are loaded as a user loads them: the built files, by Node, through the package's exports.
    server: { deps: { external: [/\/dist\//] } },
  },
};

export default config;
