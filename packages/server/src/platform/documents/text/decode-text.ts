/** The text of a file. `isGuess` is true if its encoding was neither marked, declared nor UTF-8. */
export type DecodedText = { readonly text: string; readonly isGuess: boolean };

export const GUESS_WARNING =
  "The text is not UTF-8 and was read as Windows-1252. If letters with accents are wrong, save the file as UTF-8.";

const MARKS = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

/** The encoding that a byte order mark shows, or null. */
export function markedEncoding(bytes: Uint8Array): string | null {
  const mark = MARKS.find((candidate) => candidate.bytes.every((byte, place) => bytes[place] === byte));
  return mark?.encoding ?? null;
}

/** Decodes by the byte order mark, else as UTF-8, else as `declared`, else as Windows-1252. */
export function decodeText(bytes: Uint8Array, declared: string | null = null): DecodedText {
  const marked = markedEncoding(bytes);
  if (marked !== null) return { text: new TextDecoder(marked).decode(bytes), isGuess: false };
  const utf8 = tryDecode(bytes, "utf-8");
  if (utf8 !== null) return { text: utf8, isGuess: false };
  const other = declared === null ? null : tryDecode(bytes, declared);
  if (other !== null) return { text: other, isGuess: false };
  return { text: new TextDecoder("windows-1252").decode(bytes), isGuess: true };
}

/** Null if the encoding is unknown, or does not allow these bytes. */
function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
