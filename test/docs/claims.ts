/**
 * Examples make claims: behind a line of code, `// text` says what the last expression is (as JSON, or as Python's
 * str or repr would show it), or what has been printed since the claim before; lines of nothing but `// text` directly below
 * go on with it. Here such code becomes code that can be tested.
 */

export interface Claimed {
  /** The code, with a call `claim(i, value)` wherever it makes its i-th claim. */
  readonly code: string;
  readonly claims: readonly string[];
}

/** A stretch of code: a statement, or a comment. */
interface Piece {
  readonly kind: 'statement' | 'comment';
  readonly start: number;
  readonly end: number;
}

/** Where the string that begins at `start` ends. */
function stringEnd(code: string, start: number): number {
  let at = start + 1;
  while (at < code.length && code[at] !== code[start]) at += code[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Statements that end with a brace, and need no semicolon. */
const BLOCK = /^(class|function|async function|if|for|while|try|\{)/;
/** Statements that have no value. */
const VALUELESS =
  /^(const|let|using|class|function|async function|if|for|while|try|import|export|type|interface|throw)\b/;

/** Statements and line comments on the level of the code itself; what stands in brackets is part of a statement. */
function piecesOf(code: string): Piece[] {
  const pieces: Piece[] = [];
  let [depth, start] = [0, 0];
  const close = (end: number): void => {
    const text = code.slice(start, end);
    const from = start + (text.length - text.trimStart().length);
    if (text.trim() !== '') pieces.push({ kind: 'statement', start: from, end: start + text.trimEnd().length });
    start = end;
  };
  for (let at = 0; at < code.length; at++) {
    const character = code[at] as string;
    if (`'"\``.includes(character)) at = stringEnd(code, at) - 1;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if (code.startsWith('//', at)) {
      const newline = code.indexOf('\n', at);
      const end = newline < 0 ? code.length : newline;
      if (depth === 0) {
        close(at);
        pieces.push({ kind: 'comment', start: at, end });
        start = end;
      }
      at = end;
    } else if (depth === 0 && character === ';') {
      close(at);
      start = at + 1;
    } else if (depth === 0 && character === '}' && BLOCK.test(code.slice(start).trimStart())) {
      close(at + 1);
    }
  }
  close(code.length);
  return pieces;
}

/** Finds the claims of an example. */
export function readClaims(code: string): Claimed {
  const claims: string[] = [];
  let [result, copied] = ['', 0];
  let continues = false;
  const pieces = piecesOf(code);
  pieces.forEach(({ kind, start, end }, i) => {
    const before = pieces[i - 1];
    if (kind === 'statement') {
      continues = false;
      return;
    }
    const text = code
      .slice(start + 2, end)
      .replace(/^ /, '')
      .trimEnd();
    if (continues && /^\s*$/.test(code.slice(before?.end, start))) {
      claims.push(`${claims.pop()}\n${text}`);
    } else if (before?.kind === 'statement' && !code.slice(before.end, start).includes('\n')) {
      const statement = code.slice(before.start, before.end);
      const call = VALUELESS.test(statement)
        ? `${statement}; claim(${claims.length})`
        : `claim(${claims.length}, ${statement})`;
      result += `${code.slice(copied, before.start)}${call};`;
      copied = start;
      claims.push(text);
      continues = true;
    }
  });
  return { code: result + code.slice(copied), claims };
}
