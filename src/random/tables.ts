/** Tables of numbers as text, read when they are first needed: an import changes nothing. */

/** The bytes of a text in base64. */
export function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

/** What `make` gives, made once. */
export const memo = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
