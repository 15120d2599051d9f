const ASCII = 128;
const ONE_BYTE = 256;

/** For each ASCII character the code of what replaces it; 0 leaves it out. */
export type LetterTable = Uint8Array;

export function letterTable(replaced: Readonly<Record<string, string>>, rest: (sign: string) => string): LetterTable {
  const table = new Uint8Array(ASCII);
  for (let code = 0; code < ASCII; code++) {
    const sign = String.fromCharCode(code);
    const by = replaced[sign] ?? rest(sign);
    table[code] = by === "" ? 0 : by.charCodeAt(0);
  }
  return table;
}

/** The text of so many code units. */
export function textOfCodes(codes: Uint16Array, length: number): string {
  let isOneByte = true;
  for (let at = 0; at < length && isOneByte; at++) isOneByte = (codes[at] ?? 0) < ONE_BYTE;
  if (isOneByte) return Buffer.from(codes.subarray(0, length)).toString("latin1");
  return Buffer.from(codes.buffer, codes.byteOffset, length * 2).toString("utf16le");
}

/** The text with each ASCII character replaced by the table; other characters stay. */
export function mapLetters(text: string, table: LetterTable): string {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    codes[at] = code < ASCII ? (table[code] ?? code) : code;
  }
  return textOfCodes(codes, text.length);
}
