/** How modules look. */

import { repr } from '../../text/python.js';

/** Lines behind the first, moved in by two blanks. */
export const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** `Linear(in_features=1, ...)`; with submodules, each on a line of its own. */
export function moduleText(name: string, extra: string, children: readonly (readonly [string, unknown])[]): string {
  const extraLines = extra === '' ? [] : extra.split('\n');
  const childLines = children.map(([key, child]) => `(${key}): ${indented(repr(child))}`);
  const lines = [...extraLines, ...childLines];
  if (lines.length === 0) return `${name}()`;
  if (extraLines.length === 1 && childLines.length === 0) return `${name}(${extra})`;
  return `${name}(\n  ${lines.join('\n  ')}\n)`;
}
