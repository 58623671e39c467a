/** Finding a Chromium on this machine, and starting it. */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** What distributions and makers call it. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page can then say when unreachable objects are let go.
  '--js-flags=--expose-gc',
];

/** Playwright's own downloads, newest first. */
function downloads(): string[] {
  const { PLAYWRIGHT_BROWSERS_PATH: cache = join(homedir(), '.cache', 'ms-playwright') } = process.env;
  const folders = (path: string, pattern: RegExp): string[] =>
    (existsSync(path) ? readdirSync(path) : []).filter((name) => pattern.test(name)).map((name) => join(path, name));
  return folders(cache, /^chromium-\d+$/)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((folder) => folders(folder, /^chrome-linux/))
    .map((folder) => join(folder, 'chrome'));
}

const start = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: switches });

/**
 * A running browser: the one that CHROMIUM_PATH names, else the first that starts of those in PATH and in Playwright's
 * cache. Where there is none, why: what was tried, and how to get one.
 *
 * @throws Playwright's error where the browser that CHROMIUM_PATH names does not start
 */
export async function launch(): Promise<Browser | string> {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return start(CHROMIUM_PATH);
  const installed = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const tried: string[] = [];
  for (const path of [...installed, ...downloads()].filter((path) => existsSync(path))) {
    try {
      return await start(path);
    } catch (error) {
      // A stub that wants a snap installed, say, or a system that lets no browser run.
      tried.push(`${path} does not start: ${String(error).split('\n', 1)[0]}`);
    }
  }
  return [
    `no browser: looked for ${names.join(', ')} in PATH and for Playwright's Chromium`,
    ...tried,
    'get one by `apt-get install chromium` or `npx playwright-core install chromium`, or name one in CHROMIUM_PATH',
  ].join('; ');
}
