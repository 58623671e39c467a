/**
 * logf, sinf and cosf as glibc computes them (Arm's optimized routines: double arithmetic, rounded once at the end),
 * which differ from the rounded logarithm and sine in about one case of a hundred.
 */

const { fround } = Math;

const TABLE_BITS = 4;

/** A C literal such as 0x1.8p-3, by its digits behind the point and its exponent. */
const hex = (digits: string, exponent: number): number =>
  (1 + (digits === '' ? 0 : Number.parseInt(digits, 16) / 16 ** digits.length)) * 2 ** exponent;

/** 1/c and log(c) for c near the middle of each of 16 parts of [0.7, 1.4). */
const logTable: readonly (readonly [inverse: number, logarithm: number])[] = [
  [hex('661ec79f8f3be', 0), -hex('57bf7808caade', -2)],
  [hex('571ed4aaf883d', 0), -hex('2bef0a7c06ddb', -2)],
  [hex('49539f0f010b', 0), -hex('01eae7f513a67', -2)],
  [hex('3c995b0b80385', 0), -hex('b31d8a68224e9', -3)],
  [hex('30d190c8864a5', 0), -hex('6574f0ac07758', -3)],
  [hex('25e227b0b8ea', 0), -hex('1aa2bc79c81', -3)],
  [hex('1bb4a4a1a343f', 0), -hex('a4e76ce8c0e5e', -4)],
  [hex('12358f08ae5ba', 0), -hex('1973c5a611ccc', -4)],
  [hex('0953f419900a7', 0), -hex('252f438e10c1e', -5)],
  [1, 0],
  [hex('e608cfd9a47ac', -1), hex('aa5aa5df25984', -5)],
  [hex('ca4b31f026aa', -1), hex('c5e53aa362eb4', -4)],
  [hex('b2036576afce6', -1), hex('526e57720db08', -3)],
  [hex('9c2d163a1aa2d', -1), hex('bc2860d22477', -3)],
  [hex('886e6037841ed', -1), hex('1058bc8a07ee1', -2)],
  [hex('767dcf5534862', -1), hex('4043057b6ee09', -2)],
];

/** log(1 + r) = r + r^2 (log2 + r log1 + r^2 log0). */
const [log0, log1, log2] = [-hex('00ea348b88334', -2), hex('5575b0be00b6a', -2), -hex('ffffef20a4123', -2)];

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The natural logarithm of a positive normal float32. */
export function logf(x: number): number {
  if (x === 1) return 0;
  float[0] = x;
  const word = bits[0] as number;
  const above = (word - 0x3f330000) | 0;
  bits[0] = word - (above & 0xff800000);
  const z = float[0] as number;
  const [inverse, logarithm] = logTable[(above >> (23 - TABLE_BITS)) & 15] as readonly [number, number];
  const r = z * inverse - 1;
  const base = logarithm + (above >> 23) * Math.LN2;
  const square = r * r;
  return fround((log1 * r + log2 + log0 * square) * square + (base + r));
}

const [sin0, sin1, sin2] = [-hex('555545995a603', -3), hex('1107605230bc4', -7), -hex('994eb3774cf24', -13)];
const [cos1, cos2, cos3, cos4] = [
  -hex('ffffffd0c621c', -2),
  hex('55553e1068f19', -5),
  -hex('6c087e89a359d', -10),
  hex('99343027bf8c3', -16),
];

/** 2/pi, by 2^24. */
const QUARTERS = hex('45f306dc9c883', 23);

/** The sine of x plus as many quarter turns, for |x| up to 120. */
function turned(x: number, quarters: number): number {
  const quarter = (((x * QUARTERS) | 0) + 0x800000) >> 24;
  const r = x - quarter * (Math.PI / 2);
  const n = (quarter + quarters) & 3;
  const square = r * r;
  const fourth = square * square;
  if (n % 2 === 1) {
    const cosine = 1 + square * cos1 + fourth * cos2 + fourth * square * (cos3 + square * cos4);
    return fround(n === 1 ? cosine : -cosine);
  }
  const cube = r * square;
  const sine = r + cube * sin0 + cube * square * (sin1 + square * sin2);
  return fround(n === 0 ? sine : -sine);
}

/** The sine of a float32 up to 120. */
export const sinf = (x: number): number => turned(x, 0);

/** The cosine of a float32 up to 120. */
export const cosf = (x: number): number => turned(x, 1);
