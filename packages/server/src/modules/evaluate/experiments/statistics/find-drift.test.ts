import { createRandom } from "@treadle/metrics";
import { describe, expect, test } from "vitest";
import { type DriftOrder, findDrift } from "./find-drift.ts";

const ASKED = { alpha: 0.05, leastPsi: 0, leastMmd: 0, seed: 1 };

/** Two samples of one source in three columns, the current ones moved by `shift`. */
function columnsOf(seed: number, shift = 0, size = 24): DriftOrder["columns"] {
  const random = createRandom(seed);
  const of = <T>(make: () => T, count: number) => Array.from({ length: count }, make);
  const vector = (by: number) => () => [random.normal() + by, random.normal()];
  const number = (by: number) => () => random.normal() + by;
  const label = () => `label ${Math.floor(5 * random.next() ** 2)}`;
  return [
    { kind: "meaning", reference: of(vector(0), size), current: of(vector(shift), size) },
    { kind: "number", reference: of(number(0), size), current: of(number(shift), size) },
    { kind: "category", reference: of(label, size), current: of(label, size) },
  ];
}

describe("drift", () => {
  test("is called in at most alpha of the windows in which nothing drifted, over all columns together", () => {
    let alarms = 0;
    const windows = 120;
    for (let seed = 1; seed <= windows; seed++) {
      const drift = findDrift({ columns: columnsOf(seed, 0, 16), ...ASKED, alpha: 0.1, seed });
      if (drift.some(({ isDrift }) => isDrift)) alarms += 1;
    }
    // Three standard deviations above the 12 that alpha allows.
    expect(alarms).toBeLessThanOrEqual(22);
  });

  test("is found where it was planted and nowhere else", () => {
    const [meaning, number, category] = findDrift({ columns: columnsOf(3, 2, 60), ...ASKED });
    expect(meaning).toMatchObject({ isDrift: true });
    expect(number).toMatchObject({ isDrift: true });
    expect(category).toMatchObject({ isDrift: false, unlike: [] });
  });

  test("is none below the least change that is asked for, however sure", () => {
    const columns = columnsOf(3, 2, 60);
    const drift = findDrift({ columns, ...ASKED, leastPsi: 9, leastMmd: 1.9 });
    expect(drift.map(({ isDrift }) => isDrift)).toEqual([false, false, false]);
    expect(drift[0]?.adjustedP).toBeLessThan(0.01);
  });

  test("points to what was not there before", () => {
    const random = createRandom(8);
    const normals = (count: number, by: number) => Array.from({ length: count }, () => random.normal() + by);
    const [lengths, models] = findDrift({
      ...ASKED,
      columns: [
        { kind: "number", reference: normals(100, 0), current: [...normals(30, 9), ...normals(50, 0)] },
        {
          kind: "category",
          reference: Array.from({ length: 100 }, () => "old"),
          current: Array.from({ length: 80 }, (_, at) => (at < 30 ? "new" : "old")),
        },
      ],
    });
    for (const { unlike } of [lengths, models].filter((one) => one !== undefined)) {
      expect(Math.min(...unlike.slice(0, 30))).toBeGreaterThan(Math.max(...unlike.slice(30)));
    }
  });

  test("is open where all are the same, and the others are not corrected for it", () => {
    const same = { kind: "category", reference: ["a", "a"], current: ["a"] } as const;
    const [first, second] = findDrift({ columns: [same, ...columnsOf(3, 2, 60).slice(0, 1)], ...ASKED });
    expect(first).toMatchObject({ change: null, pValue: null, adjustedP: null, isDrift: false });
    expect(second?.adjustedP).toBe(second?.pValue);
  });
});
