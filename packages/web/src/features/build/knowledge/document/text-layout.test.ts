import { expect, test } from "vitest";
import { headingsOf, layOutText } from "./text-layout.ts";

const chunk = (start: number, end: number) => ({
  chunkId: `c${start}`,
  start,
  end,
  page: null,
  lastPage: null,
  headings: [],
  tokens: 1,
});
type Block = Parameters<typeof layOutText>[0]["blocks"][number];
const block = (kind: string, [start, end]: readonly [number, number], more: Partial<Block> = {}): Block => ({
  kind,
  start,
  end,
  ...more,
});

const TEXT = "Title\n\nFirst part. Second part.\n\nEnd";

test("the stretches give the text back without gaps and repeats", () => {
  const chunks = [chunk(0, 18), chunk(11, 31), chunk(33, 36)];
  const blocks = [block("heading", [0, 5], { level: 1 }), block("paragraph", [7, 31]), block("paragraph", [33, 36])];
  const stretches = layOutText({ text: TEXT, chunks, blocks });
  const pieces = stretches.flatMap((stretch) => stretch.pieces);
  expect(pieces.map(({ start, end }) => TEXT.slice(start, end)).join("")).toBe(TEXT);
  expect(stretches.map(({ start, end, chunk: place }) => [start, end, place])).toEqual([
    [0, 18, 0],
    [18, 31, 1],
    [31, 33, null],
    [33, 36, 2],
  ]);
});

test("the end of a chunk that the next one repeats is marked", () => {
  const [first, second] = layOutText({ text: TEXT, chunks: [chunk(7, 18), chunk(11, 31)], blocks: [] }).slice(1);
  expect(first?.pieces.map(({ start, end, isShared }) => [start, end, isShared])).toEqual([
    [7, 11, false],
    [11, 18, true],
  ]);
  expect(second?.pieces.every(({ isShared }) => !isShared)).toBe(true);
});

test("pieces have the kind of their block, and text between blocks has none", () => {
  const blocks = [block("heading", [0, 5], { level: 2 }), block("paragraph", [7, 31], { isHidden: true })];
  const [stretch] = layOutText({ text: TEXT, chunks: [], blocks });
  expect(stretch?.chunk).toBeNull();
  expect(stretch?.pieces.map(({ kind, level, isHidden }) => [kind, level, isHidden])).toEqual([
    ["heading", 2, false],
    ["", undefined, false],
    ["paragraph", undefined, true],
    ["", undefined, false],
  ]);
});

test("chunks beyond the text and chunks inside others do not break the layout", () => {
  const stretches = layOutText({ text: "abc", chunks: [chunk(0, 3), chunk(1, 2), chunk(5, 9)], blocks: [] });
  expect(stretches.map(({ start, end, chunk: place }) => [start, end, place])).toEqual([[0, 3, 0]]);
});

test("the outline has the visible headings in one line each", () => {
  const text = "Start\nhere\n\nSecret";
  const blocks = [block("heading", [0, 10], { level: 1 }), block("heading", [12, 18], { level: 2, isHidden: true })];
  expect(headingsOf({ text, blocks })).toEqual([{ start: 0, level: 1, text: "Start here" }]);
});
