/** Floating numbers of two bytes, as float32. */

/** IEEE's binary16: 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

export const halfFloats = (buffer: ArrayBuffer, count: number): Float32Array =>
  Float32Array.from(new Uint16Array(buffer, 0, count), half);

/** bfloat16: the upper half of a float32. */
export function truncatedFloats(buffer: ArrayBuffer, count: number): Float32Array {
  const words = Uint32Array.from(new Uint16Array(buffer, 0, count), (bits) => bits << 16);
  return new Float32Array(words.buffer);
}
