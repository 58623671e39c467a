/** Runs before each file of tests: chooses the device of the suite, and holds that it is what runs. */

import { device, info, threads } from 'adjoint';
import { expect } from 'vitest';

const { SUITE_DEVICE: name, SUITE_THREADS: count } = process.env;
if (name !== 'reference' && name !== 'wasm') throw new Error(`no suite runs on ${name}`);
device(name);
if (name === 'wasm') threads(Number(count));
expect(info()).toMatchObject({ device: name, threads: Number(count) });
