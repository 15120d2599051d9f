import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { STATISTICS } from "../../golden/statistics-functions.ts";

type Golden = { statistics: Record<string, { tolerance: number; cases: [given: unknown[], wanted: number[]][] }> };
const golden: Golden = JSON.parse(readFileSync(new URL("../../golden/statistics.json", import.meta.url), "utf8"));
const functions = new Map<string, unknown>(Object.entries(STATISTICS));

test.each(Object.entries(golden.statistics))("%s gives what its reference gives", (name, { tolerance, cases }) => {
  const statistic = functions.get(name);
  if (typeof statistic !== "function") throw new Error(`There is no statistic named ${name}.`);
  expect(cases.length).toBeGreaterThan(0);
  for (const [given, wanted] of cases) {
    const actual = [statistic(...given)].flat();
    expect(actual).toHaveLength(wanted.length);
    for (const [place, value] of wanted.entries()) {
      // Relative; absolute where the value is tiny, as in the comparison itself.
      expect(Math.abs(actual[place] - value), `${name} of ${JSON.stringify(given)}`).toBeLessThanOrEqual(
        Math.max(1e-15, tolerance * Math.max(Math.abs(value), 1e-6)),
      );
    }
  }
});
