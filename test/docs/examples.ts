/** Compiles examples under the strictest types a user may have, and runs them on the built package. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readClaims } from './claims.js';

const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Example {
  readonly name: string;
  /** What stands before the code, without being part of it. */
  readonly header: string;
  readonly code: string;
}

/** What was shown at a claim: what was printed, or texts of the value, any of which may be claimed. */
interface Shown {
  readonly printed: string;
  readonly texts: readonly string[];
}

export interface Outcome {
  readonly claims: readonly string[];
  readonly shown: readonly Shown[];
  /** What the compiler and the run complained of. */
  readonly errors: readonly string[];
}

const CONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    strict: true,
    types: [],
    outDir: 'out',
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

/** Runs out/0.js, out/1.js, ... one after the other, and writes what they show as JSON. */
const RUNNER = `
  import { inspect } from 'node:util';
  import { repr, str } from 'adjoint/torch';
  const write = process.stdout.write;
  const results = [];
  for (let i = 0; i < COUNT; i++) {
    const shown = [];
    const errors = [];
    let printed = '';
    process.stdout.write = (text) => (printed += text, true);
    globalThis.claim = (_, value) => {
      const json = JSON.stringify(value) ?? 'undefined';
      shown.push({ printed, texts: [str(value), repr(value), json, inspect(value, { depth: null })] });
      printed = '';
    };
    await import('./out/' + i + '.js').catch((error) => errors.push(String(error)));
    results.push({ shown, errors });
  }
  process.stdout.write = write;
  console.log(JSON.stringify(results));
`;

const run = promisify(execFile);

/** The compiler's complaints, by the number of the example. */
async function compile(folder: string): Promise<Map<number, string[]>> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const complaints = new Map<number, string[]>();
  const { stdout } = await run(process.execPath, [tsc, '-p', folder], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  for (const line of stdout.split('\n')) {
    const [, file, complaint] = /^(\d+)\.ts\(.*?\): (.*)$/.exec(line) ?? [];
    if (file === undefined || complaint === undefined) continue;
    complaints.set(Number(file), [...(complaints.get(Number(file)) ?? []), complaint]);
  }
  return complaints;
}

/** What becomes of examples: in a folder of their own, beside a node_modules that holds the package. */
export async function tryOut(examples: readonly Example[]): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'adjoint-examples-'));
  try {
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules', 'adjoint'), 'junction');
    const claimed = examples.map(({ code }) => readClaims(code));
    const declared = 'declare const claim: (index: number, value?: unknown) => void;';
    const files: [string, string][] = examples.map(({ header }, i) => [
      `${i}.ts`,
      `${header}\n${declared}\n${claimed[i]?.code}\nexport {};\n`,
    ]);
    files.push(['tsconfig.json', JSON.stringify(CONFIG)], ['package.json', '{ "type": "module" }']);
    files.push(['run.js', RUNNER.replace('COUNT', String(examples.length))]);
    for (const [name, text] of files) await writeFile(join(folder, name), text);
    const complaints = await compile(folder);
    const { stdout } = await run(process.execPath, ['run.js'], { cwd: folder, maxBuffer: 2 ** 26 });
    const results: readonly Omit<Outcome, 'claims'>[] = JSON.parse(stdout);
    return results.map(({ shown, errors }, i) => ({
      claims: claimed[i]?.claims ?? [],
      shown,
      errors: [...(complaints.get(i) ?? []), ...errors],
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lines = (text: string): string => text.trimEnd().replace(/ +$/gm, '');
const dense = (text: string): string => text.replace(/\s+/g, '');

/** What is wrong with an example: nothing where each claim is what was shown there. */
export function faults({ claims, shown, errors }: Outcome): string[] {
  if (errors.length > 0) return [...errors];
  return claims.flatMap((claim, i) => {
    const { printed = '', texts = [] } = shown[i] ?? {};
    if (printed !== '') return lines(printed) === lines(claim) ? [] : [`claims ${claim}, and prints ${printed}`];
    return texts.some((text) => dense(text) === dense(claim)) ? [] : [`claims ${claim}, and is ${texts[0]}`];
  });
}
