/** What JSON.parse doesn't tell. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** A key that an object of a valid JSON text has twice, or null. JSON.parse takes the last one and says nothing. */
export function duplicateKey(text: string): string | null {
  // The keys of the objects that are open; null for a list.
  const open: (Set<string> | null)[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"') && isKey) {
      const key: unknown = JSON.parse(token);
      const keys = open.at(-1);
      if (typeof key === 'string' && keys?.has(key)) return key;
      keys?.add(String(key));
    }
    isKey = (token === '{' || token === ',') && open.at(-1) instanceof Set;
  }
  return null;
}
