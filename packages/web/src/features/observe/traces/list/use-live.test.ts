import { expect, test } from "vitest";
import { mergeRows } from "./use-live.ts";

test("a row that came live and with a page is shown once, as it came last", () => {
  const idOf = ({ id }: { id: string }) => id;
  const newer = [{ id: "b", spans: 2 }];
  const older = [
    { id: "a", spans: 1 },
    { id: "b", spans: 1 },
  ];
  expect(mergeRows(newer, older, idOf)).toEqual([
    { id: "b", spans: 2 },
    { id: "a", spans: 1 },
  ]);
  expect(mergeRows([], older, idOf)).toBe(older);
});
