import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Case, measure } from "../golden/measure-classification.ts";

type Golden = {
  readonly source: string;
  readonly cases: readonly { readonly case: Case; readonly expected: unknown }[];
};

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/classification.json", import.meta.url), "utf8"));
const NAMES = [...new Set(golden.cases.map((one) => one.case.metric))];

test.each(NAMES)("%s is what the references say", (name) => {
  for (const { case: asked, expected } of golden.cases.filter((one) => one.case.metric === name)) {
    const [values, wanted] = [[measure(asked)].flat(), [expected].flat()];
    expect(values.length).toBe(wanted.length);
    for (const [at, value] of values.entries()) {
      const want = wanted[at];
      if (typeof want !== "number") expect({ asked, value }).toEqual({ asked, value: null });
      else expect({ asked, apart: apart(value, want) <= 1e-12 }).toEqual({ asked, apart: true });
    }
  }
});

test("the golden values name the versions they come from", () => {
  expect(golden.source).toMatch(/scikit-learn \d.*scipy|scipy \d.*scikit-learn \d/);
  expect(golden.cases.length).toBeGreaterThan(60);
});

const apart = (value: number | null, want: number) =>
  value === null ? Number.POSITIVE_INFINITY : Math.abs(value - want) / Math.max(Math.abs(want), 1e-300);
