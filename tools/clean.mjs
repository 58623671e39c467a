// Removes dist/, so that nothing deleted from the sources lives on in a build.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
