import { expect, test } from "vitest";
import { takeUnlike } from "./take-unlike.ts";

const placesOf = (columns: Parameters<typeof takeUnlike>[0], size: number) =>
  takeUnlike(columns, size).map(({ place }) => place);

test("the most different spans come first, columns alternate, and each span occurs once", () => {
  const first = { places: [0, 1, 2, 3], values: [0.1, 0.9, 0.5, 0.3] };
  const second = { places: [1, 3], values: [0.8, 0.7] };
  expect(placesOf([first, second], 3)).toEqual([1, 2, 3]);
  expect(takeUnlike([second], 2)).toEqual([
    { column: 0, place: 1, share: 0.5 },
    { column: 0, place: 3, share: 1 },
  ]);
});

test("what is as common as before is not taken, and a column that did not drift gives nothing", () => {
  expect(placesOf([{ places: [0, 1], values: [-0.2, 0] }], 2)).toEqual([]);
  expect(placesOf([{ places: [0, 1], values: [] }], 2)).toEqual([]);
});
