import { expect, test } from "vitest";
import { curvesOf, thin } from "./thin-curves.ts";

test("a curve of a hundred thousand points keeps its ends and its spikes", () => {
  const points = Array.from({ length: 100_000 }, (_, step): [number, number] => [
    step,
    step === 54_321 ? 99 : Math.sin(step),
  ]);
  const thinned = thin(points, 1_000);
  expect(thinned.length).toBeLessThanOrEqual(1_000);
  expect(thinned[0]).toEqual(points[0]);
  expect(thinned.at(-1)).toEqual(points.at(-1));
  expect(thinned).toContainEqual([54_321, 99]);
  expect(thinned.map(([step]) => step)).toEqual(thinned.map(([step]) => step).toSorted((a, b) => a - b));
});

test("few points stay as they are", () => {
  expect(
    thin(
      [
        [1, 2],
        [2, 3],
      ],
      10,
    ),
  ).toEqual([
    [1, 2],
    [2, 3],
  ]);
});

test("of a step that was made again after a resume, the later value counts", () => {
  const measured = [
    { step: 1, values: { seq: 1, step: 1, loss: 3, lr: 0.1, note: "x" } },
    { step: 2, values: { loss: 2 } },
    { step: 1, values: { loss: 2.5 } },
  ];
  expect(curvesOf(measured, 10)).toEqual([
    {
      key: "loss",
      points: [
        [1, 2.5],
        [2, 2],
      ],
      total: 2,
    },
    { key: "lr", points: [[1, 0.1]], total: 1 },
  ]);
});
