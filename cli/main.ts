#!/usr/bin/env node
/** The command line of adjoint. */

import { readFileSync } from 'node:fs';

const HELP = `adjoint: convolutions and their gradients, computed, checked and explained

  adjoint notebook     run the notebook: every cell, with a verdict
  adjoint --help       show this text
  adjoint --version    show the version

Colour on a terminal only; NO_COLOR=1 turns it off, FORCE_COLOR=1 on.
`;

const print = (text: string): boolean => process.stdout.write(text);

/** Whether to write colours: on a terminal, or where FORCE_COLOR asks for them; never where NO_COLOR is set. */
function wantsColour(): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = process.env;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY && TERM !== 'dumb';
}

/** Each command gives the exit status. */
const commands: { readonly [name: string]: () => number | Promise<number> } = {
  async notebook() {
    const { runNotebook } = await import('../notebook/run.js');
    return (await runNotebook({ write: print, colour: wantsColour() })) ? 0 : 1;
  },
  '--help'() {
    print(HELP);
    return 0;
  },
  '--version'() {
    const { version }: { version: string } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    print(`${version}\n`);
    return 0;
  },
};

/** Runs the command that the arguments name. */
async function main(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined && rest.length === 0) return command();
  const what = command === undefined ? `no command '${name}'` : `'${name}' takes no arguments, not ${rest.join(' ')}`;
  process.stderr.write(`adjoint: ${what}\nWrite adjoint --help to see what there is.\n`);
  return 2;
}

// A reader that has seen enough (`adjoint notebook | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2));
