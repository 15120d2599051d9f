import { expect, test } from "vitest";
import { boxesOf, percentOf } from "./page-boxes.ts";

const line = (start: number, page: number) => ({
  start,
  end: start + 10,
  page,
  x: 61.2,
  y: 79.2,
  width: 306,
  height: 12,
});

test("the lines of a chunk on a page are those that overlap it", () => {
  const boxes = [line(0, 1), line(10, 1), line(20, 1), line(30, 2)];
  const starts = (page: number, chunk: { start: number; end: number } | undefined) =>
    boxesOf(boxes, page, chunk).map(({ start }) => start);
  expect(starts(1, { start: 5, end: 20 })).toEqual([0, 10]);
  expect(starts(2, { start: 20, end: 35 })).toEqual([30]);
  expect(starts(1, undefined)).toEqual([]);
});

test("points become percent of the page", () => {
  expect(percentOf(line(0, 1), { width: 612, height: 792 })).toEqual({
    left: "10%",
    top: "10%",
    width: "50%",
    height: `${(12 / 792) * 100}%`,
  });
});
