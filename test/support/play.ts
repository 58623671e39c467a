/** Plays a door's recorded cells, a test a cell. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { checkCell, type Door, type Recording } from './cells.js';

export function playCells(name: string, door: Door): void {
  const folder = new URL(`../golden/cells/${name}/`, import.meta.url);
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
    const { groups }: Recording = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    describe(file.replace('.json', ''), () => {
      for (const [heading, cells] of Object.entries(groups)) {
        it.each(cells.map((cell) => [cell[0], cell] as const))(`${heading}: %s`, (_source, cell) => {
          checkCell(door, heading, cell);
        });
      }
    });
  }
}
