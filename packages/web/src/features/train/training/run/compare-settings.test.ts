import { expect, test } from "vitest";
import { differingSettings } from "./compare-settings.ts";

test("only differing settings are listed, and missing settings are marked", () => {
  const rows = differingSettings([
    { seed: 1, lora: { r: 8, target: "all-linear" }, datasets: [{ ref: "a" }] },
    { seed: 1, lora: { r: 16, target: "all-linear" }, datasets: [{ ref: "b" }], beta: 0.1 },
  ]);
  expect(rows).toEqual([
    { path: "beta", values: ["–", "0.1"] },
    { path: "datasets", values: ['[{"ref":"a"}]', '[{"ref":"b"}]'] },
    { path: "lora.r", values: ["8", "16"] },
  ]);
});

test("equal settings have no differences", () => {
  expect(differingSettings([{ seed: 1 }, { seed: 1 }])).toEqual([]);
});
