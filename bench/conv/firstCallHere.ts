/** A program: makes the operands of the row that is its argument, calls once, and writes a FirstCall as JSON. */

import { info, threads } from '../../src/index.js';
import { callOf } from './calls.js';
import type { Row } from './figure.js';
import type { FirstCall } from './first.js';
import { operandsOf } from './operands.js';
import { bytesOf, shapes } from './shapes.js';

const row: Row = JSON.parse(process.argv[2] ?? '');
threads(row.threads);
const call = callOf(row, operandsOf(shapes[row.name], 0));
const start = performance.now();
const result = call();
const seconds = (performance.now() - start) / 1000;
const { peak } = info().heap;
result.dispose();
const shape = shapes[row.name];
const scratch = peak - bytesOf(shape, 'x') - bytesOf(shape, 'w') - bytesOf(shape, 'y');
const answer: FirstCall = { seconds, peak, scratch };
process.stdout.write(JSON.stringify(answer));
