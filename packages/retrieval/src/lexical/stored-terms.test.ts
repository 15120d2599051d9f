import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnalyzer } from "../analysis/index.ts";
import { SegmentTermsError } from "./bytes.ts";
import { collectTerms } from "./segment-terms.ts";
import { readSegmentTerms, writeSegmentTerms } from "./stored-terms.ts";

const terms = collectTerms(
  [{ body: "zwei Häuser 東京都", title: "Häuser" }, { body: "" }, { body: "Haus" }],
  createAnalyzer("de"),
);
const bytes = writeSegmentTerms(terms);

test("terms survive a round trip", () => {
  expect(readSegmentTerms(bytes)).toEqual(terms);
  const empty = collectTerms([], createAnalyzer("unknown"));
  expect(readSegmentTerms(writeSegmentTerms(empty))).toEqual(empty);
  const long = collectTerms([{ body: "word ".repeat(100_000) }], createAnalyzer("en"));
  expect(readSegmentTerms(writeSegmentTerms(long))).toEqual(long);
});

test("texts of any characters survive a round trip", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (bodies) => {
      const any = collectTerms(
        bodies.map((body) => ({ body })),
        createAnalyzer("unknown"),
      );
      expect(readSegmentTerms(writeSegmentTerms(any))).toEqual(any);
    }),
    { seed: 11 },
  );
});

test("every cut of the bytes and bytes that follow the end are rejected", () => {
  for (let length = 0; length < bytes.length; length++)
    expect(() => readSegmentTerms(bytes.subarray(0, length))).toThrow(SegmentTermsError);
  expect(() => readSegmentTerms(Uint8Array.of(...bytes, 0))).toThrow(
    "1 bytes follow the end. Build the segment again.",
  );
});

test("a changed byte is rejected or gives well-formed terms, and never another error", () => {
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      try {
        const read = readSegmentTerms(bytes.with(at, value));
        expect(read.termIds.every((id) => id < read.terms.length)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(SegmentTermsError);
      }
    }),
    { seed: 13, numRuns: 500 },
  );
});

test.each([
  ["another format", [0x50, 0x4b, 3, 4], "does not start like stored terms"],
  ["terms out of order", [0x54, 0x4c, 0x58, 1, 0, 0, 2, 1, 98, 1, 97, 0], 'the term "a" is not after "b"'],
  ["a term that does not exist", [0x54, 0x4c, 0x58, 1, 0, 0, 1, 1, 97, 1, 1, 1, 2], "there is no term 1, only 1 terms"],
  ["a weight of 0", [0x54, 0x4c, 0x58, 1, 0, 0, 1, 1, 97, 1, 1, 0, 0], "a term has no occurrence"],
  ["a number that is too large", [0x54, 0x4c, 0x58, 1, 255, 255, 255, 255, 255, 1], "more than 32 bits"],
  ["a text that is not UTF-8", [0x54, 0x4c, 0x58, 1, 1, 255], "not UTF-8"],
  ["a count beyond the end", [0x54, 0x4c, 0x58, 1, 0, 0, 255, 255, 3], "cannot fit into the rest"],
])("%s is rejected with its reason", (_, values, message) => {
  expect(() => readSegmentTerms(Uint8Array.from(values))).toThrow(message);
});
