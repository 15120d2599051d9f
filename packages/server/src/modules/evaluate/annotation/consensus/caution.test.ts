import { expect, test } from "vitest";
import { cautionOf } from "./caution.ts";

const votes = (items: number, each: number) => new Array<number>(items).fill(each);

test("a confidence based on few answers is flagged, and a confidence based on enough answers is not", () => {
  expect(cautionOf({ method: "dawid-skene", raters: 2, votes: votes(6, 2) })).toMatch(
    /^6 items with 2\.0 answers each from 2 annotators/,
  );
  expect(cautionOf({ method: "weighted", raters: 5, votes: votes(29, 3) })).not.toBe("");
  expect(cautionOf({ method: "dawid-skene", raters: 5, votes: votes(100, 2) })).not.toBe("");
  expect(cautionOf({ method: "dawid-skene", raters: 3, votes: votes(30, 3) })).toBe("");
});

test("a majority is what it is, and nothing needs no caution", () => {
  expect(cautionOf({ method: "majority", raters: 2, votes: votes(2, 2) })).toBe("");
  expect(cautionOf({ method: "dawid-skene", raters: 0, votes: [] })).toBe("");
});
