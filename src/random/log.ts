/**
 * The natural logarithm as glibc computes it on processors with fused multiply-add (Szabolcs Nagy's, of Arm's optimized
 * routines), to the last bit: what NumPy's polar normal and legacy exponential numbers are made of.
 */

import { fma } from './elementary.js';
import { bytesOf, memo } from './tables.js';

/** Its numbers as base64 of little-endian float64: ln 2 in two parts, two polynomials, and 128 pairs 1/c, log(c). */
const DATA: string =
  'ADj6/kIu5j8wZ8eTV/MuPQEAAAAAAOC/WzBRVVVV1T+QRev////PvxEB8SSzmck/n8gG5XVVxb8AAAAAAADgv3dVVVVVVdU/y/3/////z78M3Z' +
  'WZmZnJP6dFZ1VVVcW/MN5EoyRJwj9lPUKk//+/v8rWKiiEcbw//2iwQ+uZub+F0K/3goG3P81F0XUTUrW/n97gw/A09z8AkOZ5f8zXvx/pLGp4' +
  'E/c/AAANwu5v17+gtfoIYPL2PwDgURPjE9e/fYwTH6bR9j8AeCg4W7jWv9G0xQtJsfY/AHiAkFVd1r+6DC8zR5H2PwAAGHbQAta/I0IiGJ9x9j' +
  '8AkJCGyqjVv9kepZlPUvY/AFADVkNP1b/EJI+qVjP2PwBAa8M39tS/FNyda7MU9j8AUKj9p53Uv0xcxlJk9vU/AKiJOZJF1L9PLJG1Z9j1PwC4' +
  'sDn07dO/3pBby7y69T8AcI9EzpbTv3ga2fJhnfU/AKC9Fx5A07+HVkYSVoD1PwCARu/i6dK/02vnzpdj9T8A4DA4G5TSv5N/p+IlR/U/AIjajM' +
  'U+0r+DRQZC/yr1PwCQJynh6dG/372y2yIP9T8A+EgrbZXRv9feNEeP8/Q/APi5mmdB0b9AKN7PQ9j0PwCY75TQ7dC/yKN4wD699D8AENsYpZrQ' +
  'v4ol4MN/ovQ/ALhjUuZH0L80hNQkBYj0PwDwhkUi68+/Cy0ZG85t9D8AsBd1SkfPv1QYOdPZU/Q/ADAQPUSkzr9ahLREJzr0PwCw6UQNAs6/+/' +
  'gVQbUg9D8A8HcpomDNv7H0PtqCB/Q/AJCVBAHAzL+P/lddj+7zPwAQiVYpIMy/6UwLoNnV8z8AEIGNF4HLvyvBEMBgvfM/ANDTzMniyr+42nUr' +
  'JKXzPwCQEi5ARcq/AtCfzSKN8z8A8B1od6jJvxx6hMVbdfM/ADBIaW0Myb/iNq1Jzl3zPwDARaYgcci/QNRNmHlG8z8AMBS0j9bHvyTL/85cL/' +
  'M/AHBiPLg8x79JDaF1dxjzPwBgN5uao8a/kDk+N8gB8z8AoLdUMQvGv0H4lbtO6/I/ADAkdn1zxb/RqRkCCtXyPwAwwo973MS/Kv23qPm+8j8A' +
  'ANJRLEbEv6sbDHocqfI/AACDvIqww78wtRRgcpPyPwAASWuZG8O/9aFXV/p98j8AQKSQVIfCv787HZuzaPI/AKB5+Lnzwb+99Y+DnVPyPwCgLC' +
  'XIYMG/OwjJqrc+8j8AIPdXf87Av7ZAqSsBKvI/AKD+Sdw8wL8yQcyWeRXyPwCAS7y9V7+/m/zSHSAB8j8AQECWCDe+vwtITUn07PE/AED5PpgX' +
  'vb9pZY9S9djxPwCg2E5n+bu/fH5XESPF8T8AYC8gedy6v+kmy3R8sfE/AIAo58PAub+2GiwMAZ7xPwDAcrNGpri/vXC2e7CK8T8AAKyzAY23v7' +
  'a87yWKd/E/AAA4RfF0tr/aMUw1jWTxPwCAh20OXrW/3V8nkLlR8T8A4KHeXEi0v0zSMqQOP/E/AKBqTdkzs7/a+RByiyzxPwBgxfh5ILK/MbXs' +
  'KDAa8T8AIGKYRg6xv680hNr7B/E/AADSamz6r7+za04P7vXwPwBAd0qN2q2/zp8qXQbk8D8AAIXk7LyrvyGlLGNE0vA/AMASQImhqb8amOJ8p8' +
  'DwPwDAAjNYiKe/0TbGgy+v8D8AgNZnXnGlvzkToJjbnfA/AIBlSYpco7/f51Kvq4zwPwBAFWTjSaG/+yhOL5978D8AgOuCwHKevxmPNYy1avA/' +
  'AIBSUvFVmr8s+eyl7lnwPwCAgc9iPZa/kCzRzUlJ8D8AAKqM+yiSv6mt8MbGOPA/AAD5IHsxjL+pMnkTZSjwPwAAql01GYS/SHPqJyQY8D8AAO' +
  'zCAxJ4v5WxFAYECPA/AAAkeQkEYL8a+ib3H+DvPwAAkITz728/dOphwhyh7z8AAD01QdyHPy6ZgbAQY+8/AIDCxKPOkz/Nre489iXvPwAAiRTB' +
  'n5s/5xORA8jp7j8AABHO2LChP6uxy3iAru4/AMAB0FuKpT+bDJ2iGnTuPwCA2ECDXKk/tZkKg5E67j8AgFfvaietP1aaYAngAe4/AMCY5Zh1sD' +
  '+Yu3flAcrtPwAgDeP1U7I/A5F8C/KS7T8AADiL3S60P85c+2asXO0/AMBXh1kGtj+d3l6qLCftPwAAajV22rc/zSxrPm7y7D8AYBxOQ6u5PwJ5' +
  'p6Jtvuw/AGANu8d4uz9tCDdtJovsPwAg5zITQ70/BFhdvZRY7D8AYN5xMQq/P4yfuzO1Juw/AECRKxVnwD8/5+zug/XrPwCwkoKFR8E/wZbbdf' +
  '3E6z8AMMrNbibCPyhKhgweles/AFDFptcDwz8sPu/F4mXrPwAQMzzD38M/i4jJZ0g36z8AgHprNrrEP0owHSFLCes/APDRKDmTxT9+7/KF6Nvq' +
  'PwDwGCTNasY/oj1gMR2v6j8AkGbs+EDHP6dY0z/mguo/APAa9cAVyD+LcwnvQFfqPwCA9lQp6cg/J0urkCos6j8AQPgCNrvJP9HykxOgAeo/AA' +
  'AsHO2Lyj8bPNskn9fpPwDQAVxRW8s/kLHHBSWu6T8AwLzMZynMPy/Ol/Iuhek/AGBI1TX2zD91S6TuulzpPwDARjS9wc0/OEjnncY06T8A4M+4' +
  'AYzOP+ZSZy9PDek/AJAXwAlVzz+d1/+OUuboPwC4HxJsDtA/fADMn86/6D8A0JMOuHHQPw7DvtrAmeg/AHCGnmvU0D/7FyOqJ3ToPwDQSzOHNt' +
  'E/CJqzrABP6D8ASCNnDZjRP1U+ZehJKug/AIDM4P/40T9gAvSVAQboPwBoY9dfWdI/KaPgYyXi5z8AqBQJMLnSP6213Hezvuc/AGBDEHIY0z/C' +
  'JZdnqpvnPwAY7G0md9M/VwYX8gd55z8AMK/7T9XTPwwT1tvKVuc/AOAv4+4y1D8=';

const numbers = memo(() => {
  const all = new Float64Array(bytesOf(DATA));
  const [ln2High = 0, ln2Low = 0] = all;
  // `narrow` and `wide` are of log(1 + r) for small r, and for r up to 1/16.
  return { ln2High, ln2Low, narrow: all.subarray(2, 7), wide: all.subarray(7, 18), table: all.subarray(18) };
});

const word = new BigUint64Array(1);
const double = new Float64Array(word.buffer);
const halves = new Uint32Array(word.buffer);

/** The middle of the 128 intervals' lowest: 0.6875, as the upper half of its word. */
const OFFSET = 0x3fe60000;

/** c0 + r c1 + r^2 c2, the products fused. */
const square = (c: Float64Array, at: number, r: number, r2: number): number =>
  fma(r2, c[at + 2] as number, fma(r, c[at + 1] as number, c[at] as number));

/** log(x) for x near 1. */
function nearOne(x: number): number {
  const { wide } = numbers();
  const r = x - 1;
  const r2 = r * r;
  const r3 = r * r2;
  const inner = fma(r3, wide[10] as number, square(wide, 7, r, r2));
  const middle = fma(r3, inner, square(wide, 4, r, r2));
  const outer = fma(r3, middle, square(wide, 1, r, r2));
  const split = r * 2 ** 27;
  const high = r + split - split;
  const low = r - high;
  const first = wide[0] as number;
  const sum = fma(high * high, first, r);
  const rest = fma(high * high, first, r - sum);
  return fma(r3, outer, fma(first * low, high + r, rest)) + sum;
}

/** The natural logarithm of a positive normal double. */
export function log(x: number): number {
  if (x === 1) return 0;
  if (x >= 1 - 2 ** -4 && x < 1 + 0x109 / 2 ** 12) return nearOne(x);
  const { ln2High, ln2Low, narrow, table } = numbers();
  double[0] = x;
  const upper = halves[1] as number;
  const above = upper - OFFSET;
  const i = (above >> 13) & 127;
  const k = above >> 20;
  halves[1] = upper - (above & 0xfff00000);
  const z = double[0] as number;
  const r = fma(z, table[2 * i] as number, -1);
  const w = fma(k, ln2High, table[2 * i + 1] as number);
  const high = w + r;
  const low = fma(k, ln2Low, w - high + r);
  const r2 = r * r;
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0] = narrow;
  const rest = fma(r2, fma(r, a4, a3), fma(r, a2, a1));
  return fma(r * r2, rest, fma(r2, a0, low)) + high;
}
