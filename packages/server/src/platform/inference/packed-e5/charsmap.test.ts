import fc from "fast-check";
import { expect, test } from "vitest";
import { buildCharsmap } from "./charsmap.ts";

/** Reads a map as llama.cpp does: the replacement of the longest beginning that has one, and how many bytes it replaces. */
function lookUp(map: Uint8Array, text: string) {
  const bytes = Buffer.from(map);
  const arrayBytes = bytes.readUInt32LE(0);
  const unit = (index: number) => {
    expect(index * 4).toBeLessThan(arrayBytes);
    return bytes.readUInt32LE(4 + index * 4);
  };
  let node = unit(0) >>> 10;
  let found: { by: string; bytes: number } | null = null;
  for (const [index, byte] of Buffer.from(text).entries()) {
    node ^= byte;
    const value = unit(node);
    if ((value & 0x800000ff) >>> 0 !== byte) break;
    node ^= value >>> 10;
    if ((value & 256) === 0) continue;
    const start = 4 + arrayBytes + (unit(node) & 0x7fffffff);
    found = { by: bytes.toString("utf8", start, bytes.indexOf(0, start)), bytes: index + 1 };
  }
  return found;
}

const character = fc.integer({ min: 1, max: 0x10ffff }).filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff);

test("every code point leads to its replacement, and all others to none", () => {
  fc.assert(
    fc.property(
      fc.dictionary(character.map(String), fc.string({ unit: "grapheme", maxLength: 4 })),
      character,
      (table, other) => {
        const replacements = Object.entries(table).map(([codePoint, by]) => ({
          codePoint: Number(codePoint),
          by: by.replaceAll("\0", ""),
        }));
        const map = buildCharsmap(replacements);
        for (const { codePoint, by } of replacements) {
          const text = String.fromCodePoint(codePoint);
          expect(lookUp(map, `${text}x`)).toEqual({ by, bytes: Buffer.byteLength(text) });
        }
        if (!(String(other) in table)) expect(lookUp(map, String.fromCodePoint(other))).toBeNull();
      },
    ),
  );
});

test("thousands of neighbouring code points have a place each", () => {
  const replacements = Array.from({ length: 5_000 }, (_, index) => ({ codePoint: 0xac00 + index, by: String(index) }));
  const map = buildCharsmap(replacements);
  for (const { codePoint, by } of replacements)
    expect(lookUp(map, String.fromCodePoint(codePoint))).toEqual({ by, bytes: 3 });
  expect(lookUp(map, "a")).toBeNull();
});
