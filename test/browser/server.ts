/** A small web server for pages that use the built package as it lies in dist/. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

const types: { readonly [extension: string]: string } = { '.js': 'text/javascript', '.json': 'application/json' };

/** With both, a page shares memory with its workers: it is cross-origin isolated. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** The package's exports by their import names, as the page finds them. */
const imports = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([path, entry]) =>
    typeof entry === 'string' ? [] : [[path.replace('.', manifest.name), entry.default.replace('.', '')]],
  ),
);

const html = `<!doctype html>
<meta charset="utf-8">
<title>adjoint</title>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>`;

/** The tests' modules for a page, types taken out: the folder to serve as /test/, which the caller removes. */
export async function compile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'adjoint-browser-'));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', join(root, 'test', 'browser'), '--outDir', folder]);
  return folder;
}

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** The names of a folder's recordings, which stand in no file. */
async function indexOf(folder: string): Promise<string> {
  const names = await readdir(folder);
  return JSON.stringify(names.filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', '')));
}

/** Serves an empty page, dist/, the recordings in test/golden/, and what `compile` made, to this machine alone. */
export async function serve(compiled: string, isolated: boolean): Promise<Server> {
  const fileOf = (path: string): string =>
    join(path.startsWith('/dist/') || path.endsWith('.json') ? root : compiled, path);
  const server = createServer(async ({ url = '/' }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    const headers = isolated ? isolation : {};
    try {
      const isIndex = path.endsWith('/index.json');
      const body = path === '/' ? html : await (isIndex ? indexOf(dirname(fileOf(path))) : readFile(fileOf(path)));
      response.writeHead(200, { ...headers, 'Content-Type': types[extname(path)] ?? 'text/html' }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
