import { expect, test } from "vitest";
import { findJsonBreak } from "./json-break.ts";

test.each([['{"a": [1, -2.5e3, true, null, "x\\n\\u00e4"], "b": {}}'], ["  []\n"], ['"text"']])(
  "%s is JSON",
  (text) => {
    expect(findJsonBreak(text)).toBeUndefined();
    expect(() => JSON.parse(text)).not.toThrow();
  },
);

test.each([
  ["", "1:1", "a value"],
  ['{"a": 1', "1:8", "a comma or }"],
  ['{\n  "a": 1\n  "b": 2\n}', "3:3", "a comma or }"],
  ['{"a": 1,}', "1:9", "a name in quotes after the comma"],
  ["[1, 2,]", "1:7", "a value after the comma"],
  ['{"a" 1}', "1:6", "a colon"],
  ["{a: 1}", "1:2", "a name in quotes"],
  ['{"a": "open}', "1:7", "a string that ends on the same line"],
  ["{'a': 1}", "1:2", "a name in quotes"],
  ['{"a": 01}', "1:7", "a value"],
  ["{} {}", "1:4", "the end of the text"],
  ["undefined", "1:1", "a value"],
])("%s breaks at %s, where there should be %s", (text, place, expected) => {
  const found = findJsonBreak(text);
  expect([`${found?.line}:${found?.column}`, found?.expected]).toEqual([place, expected]);
  expect(() => JSON.parse(text)).toThrow();
});
