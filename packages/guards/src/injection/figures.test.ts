import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readFigures } from "../../training/figures.ts";
import { INJECTION_FIGURES } from "./figures.ts";

const CARD = readFileSync(new URL("../../../../docs/reference/injection-model.md", import.meta.url), "utf8");

test("the figures are the figures of the model card", () => {
  expect(INJECTION_FIGURES).toEqual(readFigures(CARD));
  expect(INJECTION_FIGURES).toContainEqual({
    set: "in-the-wild",
    about: "attacks of a source that was not trained on",
    measure: "recall",
    at: 0.01,
    texts: 572,
    value: 0.74,
    low: 0.702,
    high: 0.774,
  });
  for (const { low, value, high } of INJECTION_FIGURES) expect(low <= value && value <= high).toBe(true);
});

test("a card without its tables is rejected with a reason", () => {
  expect(() => readFigures("# A card")).toThrow('no table "Held-out attacks"');
  const broken = CARD.replace("74.0 (70.2–77.4)", "many");
  expect(() => readFigures(broken)).toThrow('the row "in-the-wild"');
});
