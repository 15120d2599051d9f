import { expect, test } from "vitest";
import { toCsv } from "./save-file.ts";

test("text that a spreadsheet would run as a formula is defused, numbers are left alone", () => {
  expect(toCsv([["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", -5, null]])).toBe(`'=cmd|' /C calc'!A0,'+1,'@SUM(A1),-5,`);
});

test("commas, quotes and line breaks stay inside their cell", () => {
  expect(
    toCsv([
      ["a", "b"],
      ['say "hi", twice', "one\ntwo"],
    ]),
  ).toBe('a,b\r\n"say ""hi"", twice","one\ntwo"');
});
