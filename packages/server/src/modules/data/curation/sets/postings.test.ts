import { expect, test } from "vitest";
import { createPostings } from "./postings.ts";

test("what was put under a key is found there, however many keys there are", () => {
  const postings = createPostings();
  const keyOf = (index: number) => (index * 2_654_435_761 * 4_099) % (2 ** 53 - 1);
  for (let index = 0; index < 20_000; index++) postings.add(keyOf(index), index);
  for (let index = 0; index < 20_000; index++) expect(postings.list(keyOf(index))).toContain(index);
  expect(postings.list(12_345)).toEqual([]);
});

test("a number is under a key once, the last one first, and no more are given than asked for", () => {
  const postings = createPostings();
  for (const value of [1, 1, 2, 2, 3]) postings.add(0, value);
  expect(postings.list(0)).toEqual([3, 2, 1]);
  expect(postings.list(0, 2)).toEqual([3, 2]);
  const matches: number[][] = [];
  postings.eachKey(9, (numbers) => matches.push([...numbers]));
  expect(matches).toEqual([[3, 2, 1]]);
});
