import { expect, test } from "vitest";
import { versionWay } from "./version-way.ts";

const version = (number: number, parent: number | null, mergedFrom: number | null = null) => ({
  number,
  root: `r${number}`,
  parent,
  mergedFrom,
});
// 1 ─ 2 ─ 3 ─ 6, and 4 ─ 5 on a branch from 2 that is merged into 6.
const versions = [
  version(1, null),
  version(2, 1),
  version(3, 2),
  version(4, 2),
  version(5, 4),
  version(6, 3, 5),
  version(7, 6),
].reverse();
const way = (from: number, to: number) =>
  versionWay(versions, { from: `r${from}`, to: `r${to}` })?.map(({ number }) => number) ?? null;

test("the path follows the parent of each version, without versions on other branches", () => {
  expect(way(1, 3)).toEqual([2, 3]);
  expect(way(4, 7)).toEqual([5, 6, 7]);
  expect(way(2, 7)).toEqual([3, 6, 7]);
});

test("an older version is reached the same way back", () => {
  expect(way(3, 1)).toEqual([2, 1]);
});

test("there is no way between two branches, nor from what is no version", () => {
  expect(way(3, 5)).toBeNull();
  expect(versionWay(versions, { from: "draft", to: "r3" })).toBeNull();
});

test("of two versions with the same items, the way begins at the nearer one", () => {
  const restored = [...versions, { ...version(8, 7), root: "r2" }, version(9, 8)];
  expect(versionWay(restored, { from: "r2", to: "r9" })?.map(({ number }) => number)).toEqual([9]);
});
