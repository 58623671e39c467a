/** The reader of examples itself: what is a claim, and what is not. */

import { expect, test } from 'vitest';
import { readClaims } from './claims.js';

test.each<[string, string, string[]]>([
  ['f(x) // [1, 2]', 'claim(0, f(x));// [1, 2]', ['[1, 2]']],
  ['const x = 1; f(x); // 3\ng(x); // 4', 'const x = 1; claim(0, f(x));// 3\nclaim(1, g(x));// 4', ['3', '4']],
  ["f('// no', `;`, \"}\"); // 'a'", "claim(0, f('// no', `;`, \"}\"));// 'a'", ["'a'"]],
  ['print(x); // tensor([[1.],\n//         [2.]])\n', '', ['tensor([[1.],\n        [2.]])']],
  ['// About what follows\nf(\n  1, // one\n).g(); // 2', '', ['2']],
  ['const f = () => { g(); return 1; }; // 1', 'const f = () => { g(); return 1; }; claim(0);// 1', ['1']],
  ['class A { b() {} }\nnew A().b(); // 1', 'class A { b() {} }\nclaim(0, new A().b());// 1', ['1']],
  ['f();\n// not a claim\n\ng();', 'f();\n// not a claim\n\ng();', []],
])('%j', (code, expected, claims) => {
  const read = readClaims(code);
  expect(read.claims).toEqual(claims);
  if (expected !== '') expect(read.code).toBe(expected);
});
