import { expect, test } from "vitest";
import { addMeasured, createCurves, thinCurves } from "./thin-curves.ts";

const curveOf = (values: readonly number[], most: number) => {
  const curves = createCurves();
  addMeasured(
    curves,
    values.map((loss, step) => ({ step, values: { loss } })),
  );
  return thinCurves(curves, most)[0]?.points ?? [];
};

test("a curve of a hundred thousand points retains its ends and its spikes", () => {
  const values = Array.from({ length: 100_000 }, (_, step) => (step === 54_321 ? 99 : Math.sin(step)));
  const thinned = curveOf(values, 1_000);
  expect(thinned.length).toBeLessThanOrEqual(1_000);
  expect(thinned[0]).toEqual([0, values[0]]);
  expect(thinned.at(-1)).toEqual([99_999, values[99_999]]);
  expect(thinned).toContainEqual([54_321, 99]);
  expect(thinned.map(([step]) => step)).toEqual(thinned.map(([step]) => step).toSorted((a, b) => a - b));
});

test("few points stay as they are", () => {
  expect(curveOf([2, 3], 10)).toEqual([
    [0, 2],
    [1, 3],
  ]);
});

test("of a step that was made again after a resume, the later value counts", () => {
  const measured = [
    { step: 1, values: { seq: 1, step: 1, loss: 3, lr: 0.1, note: "x" } },
    { step: 2, values: { loss: 2 } },
    { step: 1, values: { loss: 2.5 } },
  ];
  const curves = createCurves();
  addMeasured(curves, measured);
  expect(thinCurves(curves, 10)).toEqual([
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

test("the same curves come of many small readings as of one large one, also when a resume goes back over many steps", () => {
  const stepsOf = (from: number, to: number, seed: number) =>
    Array.from({ length: to - from }, (_, place) => ({ step: from + place, values: { loss: seed + place, lr: 0.5 } }));
  const measured = [
    ...stepsOf(0, 500, 0),
    ...stepsOf(300, 420, 9_000),
    ...stepsOf(900, 950, 5),
    ...stepsOf(600, 610, 7),
  ];
  const whole = createCurves();
  addMeasured(whole, measured);
  const parts = createCurves();
  for (let at = 0; at < measured.length; at += 7) addMeasured(parts, measured.slice(at, at + 7));
  expect(thinCurves(parts, 10_000)).toEqual(thinCurves(whole, 10_000));
  const [loss] = thinCurves(whole, 10_000);
  const last = new Map(measured.map(({ step, values }) => [step, values.loss]));
  expect(loss?.points).toEqual([...last].toSorted(([left], [right]) => left - right));
});
