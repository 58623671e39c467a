/** The built package in a browser: the conformance core in a page that is cross-origin isolated, and in one that is not. */

import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { cases, type Environment, type Outcome } from './conformance.js';
import { launch } from './launch.js';
import { compile, serve } from './server.js';

/** A browser, or why there is none. */
let browser: Browser | string;
let compiled: string;

beforeAll(async () => {
  const found = await launch();
  browser = found;
  if (typeof found === 'string') {
    console.warn(found);
    return;
  }
  compiled = await compile();
  return async () => {
    await found.close();
    await rm(compiled, { recursive: true, force: true });
  };
});

/** What a page tells. */
interface Visit {
  readonly environment: Environment;
  readonly outcomes: readonly Outcome[];
  /** Uncaught errors, what stands in the console, what the server had not. */
  readonly complaints: readonly string[];
}

async function visit(running: Browser, isolated: boolean): Promise<Visit> {
  const server = await serve(compiled, isolated);
  const page = await running.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
  });
  try {
    await page.goto(server.url);
    // As text: functions would be given to the page as Vitest has rewritten them.
    const told: Omit<Visit, 'complaints'> = await page.evaluate(`
      import('/test/browser/conformance.js').then(async ({ run, environment }) => ({
        outcomes: await run(),
        environment: environment(),
      }))`);
    return { ...told, complaints };
  } catch (cause) {
    throw new Error(['the page has not run', ...complaints].join('; '), { cause });
  } finally {
    await page.close();
    await server.close();
  }
}

describe.each([
  ['cross-origin isolated', true],
  ['not isolated', false],
])('a page that is %s', (_, isolated) => {
  let visited: Visit;

  beforeAll(async () => {
    if (typeof browser !== 'string') visited = await visit(browser, isolated);
  });

  /** What the page told; where there is no browser, the test is skipped. */
  function told({ skip }: TestContext): Visit {
    if (typeof browser === 'string') skip(browser);
    return visited;
  }

  test('has the device and the threads that it can have', (context) => {
    const { environment } = told(context);
    const threads = isolated ? environment.cores : 1;
    expect(environment).toMatchObject({ isolated, devices: ['reference', 'wasm'], info: { device: 'wasm', threads } });
    if (isolated) expect(environment.info.why).toBeUndefined();
    else expect(environment.info.why).toContain('cross-origin isolated');
  });

  test('loads what it needs, and stands without a word in the console', (context) => {
    expect(told(context).complaints).toEqual([]);
  });

  test('has run every case', (context) => {
    expect(told(context).outcomes.map(({ name }) => name)).toEqual(Object.keys(cases));
  });

  test.for(Object.keys(cases))('%s', (name, context) => {
    const outcome = told(context).outcomes.find((each) => each.name === name);
    expect(outcome).toEqual({ name, ok: true, detail: '' });
  });
});
