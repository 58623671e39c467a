/**
 * Floating-point numbers as decimal text: shortest digits that read back as the same number, or exact digits rounded
 * half to even, in positional or scientific form.
 *
 * Digits come one by one from an exact fraction of big integers (Steele and White's Dragon4, as Burger and Dybvig,
 * "Printing floating-point numbers quickly and accurately", 1996, give it). The layout options are those of NumPy's
 * `dragon4_positional` and `dragon4_scientific`; C's %f and %e, hence Python's, are two of their cases.
 */

/** Which binary format the number comes from: shortest digits depend on how far away its neighbours are. */
export type FloatType = 'float32' | 'float64';

/** What becomes of zeros at the end of a fraction: kept ('k'), cut to "1." or to "1.0", or the point cut as well. */
export type Trim = 'k' | '.' | '0' | '-';

interface DigitOptions {
  /** true: stop as soon as no other number of this type is nearer; false: the number's exact digits. */
  readonly unique: boolean;
  /** At most so many digits after the point; without it, as many as needed. */
  readonly precision?: number | undefined;
  /** At least so many digits after the point, if unique. */
  readonly minDigits?: number | undefined;
}

/** Layout of scientific text. */
export interface ScientificOptions extends DigitOptions {
  readonly trim: Trim;
  /** Show the sign of positive numbers. */
  readonly sign?: boolean;
  /** Characters in front of the point, at least, filled with spaces. */
  readonly padLeft?: number;
  /** Digits of the exponent, at least, filled with zeros; 2 if left out. */
  readonly exponentDigits?: number;
}

/** Layout of positional text. */
export interface PositionalOptions extends Omit<ScientificOptions, 'exponentDigits'> {
  /** Characters after the point, at least, filled with spaces. */
  readonly padRight?: number;
}

/** The number d[0].d[1]d[2]... * 10^exponent. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

interface Fields {
  readonly fractionBits: bigint;
  readonly exponentMask: bigint;
  /** What to take from the exponent field, so that the fraction becomes a whole number. */
  readonly bias: number;
}

const formats: { readonly [F in FloatType]: Fields } = {
  float32: { fractionBits: 23n, exponentMask: 0xffn, bias: 127 + 23 },
  float64: { fractionBits: 52n, exponentMask: 0x7ffn, bias: 1023 + 52 },
};

const scratch = new DataView(new ArrayBuffer(8));

function bitsOf(x: number, type: FloatType): bigint {
  if (type === 'float64') {
    scratch.setFloat64(0, x);
    return scratch.getBigUint64(0);
  }
  scratch.setFloat32(0, x);
  return BigInt(scratch.getUint32(0));
}

/**
 * A finite |x| > 0 as value / scale, with half the gaps to its neighbours as below / scale and above / scale.
 * With x = m * 2^e both gaps are 2^e, but below a power of two the gap is 2^(e-1): 4 in the scale keeps halves whole.
 */
function fraction(
  x: number,
  type: FloatType,
): { value: bigint; scale: bigint; below: bigint; above: bigint; even: boolean } {
  const { fractionBits, exponentMask, bias } = formats[type];
  const bits = bitsOf(x, type);
  const field = Number((bits >> fractionBits) & exponentMask);
  const stored = bits & ((1n << fractionBits) - 1n);
  const mantissa = field === 0 ? stored : stored | (1n << fractionBits);
  const exponent = BigInt(Math.max(field, 1) - bias);
  const narrow = field > 1 && stored === 0n;
  const up = exponent > 0n ? exponent : 0n;
  const down = exponent < 0n ? -exponent : 0n;
  return {
    value: (mantissa << up) * 4n,
    scale: 4n << down,
    below: (narrow ? 1n : 2n) << up,
    above: 2n << up,
    even: mantissa % 2n === 0n,
  };
}

/** digits + 1 in the last place; a carry past the first digit makes a new one, and the exponent grows. */
function roundUp(digits: string, exponent: number): Decimal {
  const kept = digits.replace(/9+$/, '');
  if (kept === '') return { digits: '1', exponent: exponent + 1 };
  return { digits: kept.slice(0, -1) + String(Number(kept.slice(-1)) + 1), exponent };
}

/**
 * Decimal digits of a finite |x|. The cut of `precision` and `minDigits` is counted from the decimal point, or, if
 * `relative`, from the first digit.
 */
function decimal(
  x: number,
  type: FloatType,
  { unique, precision, minDigits }: DigitOptions,
  relative: boolean,
): Decimal {
  if (x === 0) return { digits: '0', exponent: 0 };
  let { value, scale, below, above, even } = fraction(x, type);
  // The logarithm may be off by one: the comparisons decide. Invariant: 10^place <= x < 10^(place + 1).
  let place = Math.floor(Math.log10(Math.abs(x)));
  const up = 10n ** BigInt(Math.max(-place, 0));
  const down = 10n ** BigInt(Math.max(place, 0));
  if (value * up < scale * down) place--;
  else if (value * up >= scale * down * 10n) place++;

  const origin = relative ? place : 0;
  const last = precision === undefined ? Number.NEGATIVE_INFINITY : origin - precision;
  const least = minDigits === undefined ? Number.POSITIVE_INFINITY : origin - minDigits;
  place = Math.max(place, last); // where all digits lie past the cut, a rounded 0 or 1 stands at the cut
  const exponent = place;
  if (place < 0) {
    const factor = 10n ** BigInt(-place);
    value *= factor;
    below *= factor;
    above *= factor;
  } else scale *= 10n ** BigInt(place);

  for (let digits = ''; ; place--) {
    const digit = value / scale;
    value -= digit * scale;
    digits += String(digit);
    const low = unique && (even ? value <= below : value < below);
    const high = unique && (even ? value + above >= scale : value + above > scale);
    const done = unique ? (low || high) && place <= least : value === 0n;
    if (done || place === last) {
      const twice = value * 2n;
      const nearerUp = twice === scale ? digit % 2n === 1n : twice > scale;
      return (low === high ? nearerUp : high) ? roundUp(digits, exponent) : { digits, exponent };
    }
    value *= 10n;
    below *= 10n;
    above *= 10n;
  }
}

const signOf = (x: number, plus: boolean): string => (x < 0 || Object.is(x, -0) ? '-' : plus ? '+' : '');

function nonFinite(x: number, plus: boolean): string {
  return Number.isNaN(x) ? 'nan' : `${signOf(x, plus)}inf`;
}

/** A fraction's digits after trimming, its point included. `least` is how many digits 'k' fills up to, with zeros. */
function trimmed(digits: string, trim: Trim, least: number): string {
  if (trim === 'k') return `.${digits.padEnd(least, '0')}`;
  const cut = digits.replace(/0+$/, '');
  if (cut !== '') return `.${cut}`;
  return { '.': '.', '0': '.0', '-': '' }[trim];
}

/** `x` as ddd.ddd, laid out as NumPy's dragon4_positional does; "nan", "inf" and "-inf" are never padded. */
export function positional(x: number, type: FloatType, options: PositionalOptions): string {
  const { unique, precision, minDigits, trim, sign = false, padLeft = 0, padRight = -1 } = options;
  if (!Number.isFinite(x)) return nonFinite(x, sign);
  const { digits, exponent } = decimal(x, type, options, false);
  const whole = exponent < 0 ? '0' : digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = exponent < 0 ? '0'.repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
  const tail = trimmed(rest, trim, (unique ? minDigits : precision) ?? 0);
  return (signOf(x, sign) + whole).padStart(padLeft) + tail.padEnd(padRight + 1);
}

/** `x` as d.ddde+dd, laid out as NumPy's dragon4_scientific does; "nan", "inf" and "-inf" are never padded. */
export function scientific(x: number, type: FloatType, options: ScientificOptions): string {
  const { unique, precision, minDigits, trim, sign = false, padLeft = 0, exponentDigits = 2 } = options;
  if (!Number.isFinite(x)) return nonFinite(x, sign);
  const { digits, exponent } = decimal(x, type, options, true);
  const rest = digits.slice(1);
  // NumPy leaves the point if there were only zeros to cut behind it.
  const kept = trim === '-' && rest !== '' ? '.' : trim;
  const tail = trimmed(rest, kept, (unique ? minDigits : precision) ?? 0);
  const power = (exponent === 0 ? '' : String(Math.abs(exponent))).padStart(exponentDigits, '0');
  return `${(signOf(x, sign) + digits.slice(0, 1)).padStart(padLeft)}${tail}e${exponent < 0 ? '-' : '+'}${power}`;
}

const exact = (precision: number): PositionalOptions => ({ unique: false, precision, trim: precision > 0 ? 'k' : '-' });

/** C's and Python's `%.{precision}f`: the exact value of the double, rounded half to even. */
export const fixed = (x: number, precision: number): string => positional(x, 'float64', exact(precision));

/** C's and Python's `%.{precision}e`: the exact value of the double, rounded half to even. */
export const exponential = (x: number, precision: number): string => scientific(x, 'float64', exact(precision));

/**
 * The shortest text that reads back as `x`: positional from 1e-4 up to below `limit`, scientific outside. With limit
 * 1e16 it is Python's `repr(float)`.
 */
export function shortest(x: number, type: FloatType, limit: number): string {
  const size = Math.abs(x);
  if (size === 0 || (size >= 1e-4 && size < limit)) return positional(x, type, { unique: true, trim: '0' });
  return scientific(x, type, { unique: true, trim: '-' });
}
