/** The notebook's run: as a command, and what it makes of figures that are wrong. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Cell, cells } from '../../notebook/book.js';
import { figures, recorded, source } from '../../notebook/files.js';
import { differences, judge } from '../../notebook/verdict.js';

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

/** Runs Node without any wish for or against colour but the ones given. */
function node(args: readonly string[], wishes: NodeJS.ProcessEnv = {}) {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...rest, ...wishes },
  });
  return { status, stdout, stderr };
}

const adjoint = (args: readonly string[], wishes?: NodeJS.ProcessEnv) => node([dist('cli/main.js'), ...args], wishes);

/** Runs the notebook against recordings in which the last digit of the given cells is another one. */
function runTampered(files: readonly string[]): { status: number | null; stdout: string } {
  const script = `
    const { runNotebook } = await import(${JSON.stringify(new URL('../../dist/notebook/run.js', import.meta.url).href)});
    const { recorded } = await import(${JSON.stringify(new URL('../../dist/notebook/files.js', import.meta.url).href)});
    const files = ${JSON.stringify(files)};
    const other = (text) => text.replace(/\\d(?=\\D*$)/, (digit) => String((Number(digit) + 1) % 10));
    const right = await runNotebook({
      write: (text) => process.stdout.write(text),
      colour: false,
      recorded: (file) => (files.includes(file) ? other(recorded(file)) : recorded(file)),
    });
    process.exitCode = right ? 0 : 1;`;
  return node(['--input-type=module', '-e', script]);
}

/** The cells that the table at the end says have failed. */
const failures = (page: string): string[] =>
  [...page.matchAll(/^ {2}(In \[\d+\]|ours) .*✗ FAILED$/gm)].map(([, name]) => String(name));

const noted = cells.filter(({ file }) => recorded(file) !== '');

describe('adjoint notebook', () => {
  const { status, stdout, stderr } = adjoint(['notebook']);
  const lines = stdout.split('\n');

  it('ends well', () => {
    expect(stderr).toBe('');
    expect(failures(stdout)).toEqual([]);
    expect(status).toBe(0);
  });

  it('shows every cell in the order of the notebook, with its source', () => {
    const order = [1, 8, 10, 9, 2, 38, 39, 63, 64, 60, 85, 86, 87, 177, 178, 179, 180, 181, 182, 183, 184, 185];
    const rules = [...stdout.matchAll(/^── (In \[\d+\]|ours) .* ──$/gm)].map(([, name]) => name);
    expect(rules).toEqual([...order.map((number) => `In [${number}]`), 'ours']);
    for (const { file } of cells) {
      const shown = source(file)
        .split('\n')
        .map((line) => `  │ ${line}`.trimEnd());
      expect(stdout).toContain(`\n${shown.join('\n')}\n`);
    }
  });

  it('shows what the notebook recorded, character by character', () => {
    expect(noted).toHaveLength(16);
    for (const { file } of noted) {
      const shown = recorded(file)
        .split('\n')
        .map((line) => (line === '' ? '' : `    ${line}`));
      expect(stdout).toContain(`\n${shown.join('\n')}\n`);
    }
  });

  it('stays within 80 columns', () => {
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  });

  it('has colours only where they are wanted', () => {
    expect(stdout).not.toContain('\u001b');
    const coloured = adjoint(['notebook'], { FORCE_COLOR: '1' }).stdout;
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(stdout);
    expect(adjoint(['notebook'], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).toBe(stdout);
  });
});

describe('a recording with one wrong digit', () => {
  it('fails its cell and the run, and shows both lines', () => {
    const { status, stdout } = runTampered(['in-183']);
    expect(status).toBe(1);
    expect(failures(stdout)).toEqual(['In [183]']);
    expect(stdout).toContain('    -           [-3.9322, -4.1167, -3.1666]]]])\n');
    expect(stdout).toContain('    +           [-3.9322, -4.1167, -3.1665]]]])\n');
  });

  it('is found in whichever cell it is', () => {
    const { status, stdout } = runTampered(noted.map(({ file }) => file));
    expect(status).toBe(1);
    expect(failures(stdout)).toEqual(noted.map(({ name }) => name));
  });
});

describe('a verdict', () => {
  const cell = (expects: Cell['expects']): Cell => ({
    name: 'In [0]',
    file: 'in-00',
    framework: '',
    computes: '',
    expects,
  });
  const says = 'so it is';

  it.each([
    ['same', '1.', '1.', true],
    ['same', '1.', '2.', false],
    ['same', '', '', true],
    ['same', '1.', '', false],
    ['wrong', '1.', '1.', true],
    ['wrong', '1.', '2.', false],
    ['runs', '1.', '2.', true],
    ['runs', '1.', '1.', false],
  ] as const)('%s: printed %j where %j was recorded: %s', (expects, printed, text, holds) => {
    const note = expects === 'same' ? null : { says, claims: [['it is', true]] as const };
    expect(judge(cell(expects), { printed }, text, note).holds).toBe(holds);
  });

  it('needs every claim to hold, and no error', () => {
    const claims = [
      ['one', true],
      ['other', false],
    ] as const;
    expect(judge(cell('wrong'), { printed: '1.' }, '1.', { says, claims })).toMatchObject({
      holds: false,
      line: '1 of 2 claims do not hold',
    });
    expect(judge(cell('same'), { printed: '1.', error: new Error('no') }, '1.', null)).toMatchObject({
      holds: false,
      line: 'it failed: Error: no',
    });
  });

  it('shows the lines that differ', () => {
    expect(differences('a\nb', 'a\nc\nd')).toEqual([
      { sign: ' ', line: 'a' },
      { sign: '-', line: 'b' },
      { sign: '+', line: 'c' },
      { sign: '+', line: 'd' },
    ]);
    expect(differences('a', 'a')).toEqual([]);
  });
});

describe('the draw behind In [60]', () => {
  it('is the only one: exact division of d_x by each possible out_scale', () => {
    const d = figures(recorded('in-60')) as number[][][][];
    const at = (i: number, j: number): number => d[0]?.[0]?.[i]?.[j] ?? Number.NaN;
    const pairs: number[][] = [];
    for (let draw = 0; draw < 10_000; draw++) {
      const g = [Math.floor(draw / 1000), Math.floor(draw / 100) % 10, Math.floor(draw / 10) % 10, draw % 10];
      // d_x[i, j] is the sum over a, b of g[a, b] w[i - a, j - b]: as polynomials, d_x = g w, divided term by term.
      const [g00 = 0, g01 = 0, g10 = 0, g11 = 0] = g;
      const w = new Map<string, number>();
      const of = (i: number, j: number): number => w.get(`${i},${j}`) ?? 0;
      const rest = (i: number, j: number): number =>
        at(i, j) - g01 * of(i, j - 1) - g10 * of(i - 1, j) - g11 * of(i - 1, j - 1);
      let fits = true;
      for (let i = 0; i < 4 && fits; i++) {
        for (let j = 0; j < 4 && fits; j++) {
          const quotient = i < 3 && j < 3 ? rest(i, j) / g00 : 0;
          w.set(`${i},${j}`, quotient);
          fits = Number.isInteger(quotient) && quotient >= 0 && quotient <= 9 && rest(i, j) === g00 * quotient;
        }
      }
      if (fits) pairs.push([...g, ...[0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => of(i, j)))]);
    }
    expect(pairs).toEqual([[3, 8, 6, 3, 9, 2, 5, 3, 6, 7, 0, 3, 3]]);
  });
});

describe('the command line', () => {
  it('shows its help and its version', () => {
    const help = adjoint(['--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('adjoint notebook');
    expect(adjoint([]).stdout).toBe(help.stdout);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(adjoint(['--version']).stdout).toBe(`${version}\n`);
  });

  it.each([[['notebok']], [['notebook', 'again']], [['toString']]])('refuses %j in two lines', (args) => {
    const { status, stdout, stderr } = adjoint(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^adjoint: .+\n.*adjoint --help.*\n$/);
  });
});
