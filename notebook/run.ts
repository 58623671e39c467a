/** Runs the notebook: every cell in order, what it prints, and whether that is what it should be. */

import { repr } from 'adjoint/torch';
import { type Cell, cells } from './book.js';
import { recorded as recordedFile, source } from './files.js';
import type { Note, NoteModule } from './note.js';
import { Page } from './page.js';
import { judge, type Outcome, type Verdict } from './verdict.js';

export interface RunOptions {
  /** Takes the page, piece by piece. */
  readonly write: (text: string) => void;
  /** Colour it with ANSI escapes. */
  readonly colour: boolean;
  /** What the notebook recorded under a cell; by default its file in recorded/. */
  readonly recorded?: (file: string) => string;
}

/**
 * Runs all cells and writes the page. A cell is a module, which runs once: so does the notebook in a process.
 *
 * @returns whether every verdict is what it should be
 */
export async function runNotebook({ write, colour, recorded = recordedFile }: RunOptions): Promise<boolean> {
  const page = new Page(write, colour);
  page.title('adjoint: the notebook, in TypeScript', `${cells.length - 1} cells, and one of ours: notebook/cells/`);
  const rows: [Cell, Verdict][] = [];
  for (const cell of cells) {
    page.rule(cell);
    page.source(source(cell.file));
    const outcome = await execute(cell);
    page.output(outcome.printed);
    const note =
      cell.expects === 'same' || outcome.error !== undefined ? null : await noteOn(cell, recorded(cell.file));
    const verdict = judge(cell, outcome, recorded(cell.file), note);
    page.verdict(verdict, cell.expects !== 'same' && cell.expects !== 'recovered');
    if (note !== null) page.note(note);
    rows.push([cell, verdict]);
  }
  const failed = rows.filter(([, { holds }]) => !holds).map(([{ name }]) => name);
  page.table(rows);
  page.end(failed, rows.length, [
    ['README.md', 'what adjoint is, and how to use it'],
    ['docs/architecture.md', 'how it is built, and why'],
    ['npm test', 'all the rest, held against the frameworks'],
  ]);
  return failed.length === 0;
}

/** Runs a cell's module: its output is what it prints, and, as for a bare expression, what it exports as default. */
async function execute({ file }: Cell): Promise<Outcome> {
  let printed = '';
  let error: unknown;
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
  try {
    const module: { readonly default?: unknown } = await import(`./cells/${file}.js`);
    if (module.default !== undefined) printed += `${repr(module.default)}\n`;
  } catch (thrown) {
    error = thrown;
  } finally {
    process.stdout.write = write;
  }
  return { printed: printed.replace(/\n$/, ''), error };
}

/** The note on a cell. One that can't be computed is a claim that does not hold. */
async function noteOn({ file }: Cell, recorded: string): Promise<Note> {
  try {
    const module: NoteModule = await import(`./notes/${file}.js`);
    return module.note(recorded);
  } catch (error) {
    return { says: `The note on this cell failed: ${error}`, claims: [['it can be computed', false]] };
  }
}
