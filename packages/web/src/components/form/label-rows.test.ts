import { expect, test } from "vitest";
import { labelsError, toLabelRows, toLabels } from "./label-rows.ts";

test("labels become rows and labels again", () => {
  const labels = { team: "search", tier: "" };
  expect(toLabels(toLabelRows(labels))).toEqual(labels);
  expect(toLabels([...toLabelRows({ team: "search" }), { name: " ", value: "" }])).toEqual({ team: "search" });
});

test("a label without a name and two labels with one name are errors", () => {
  const team = { name: "team", value: "a" };
  expect(labelsError([team, { name: "", value: "" }])).toBeUndefined();
  expect(labelsError([team, { name: "", value: "b" }])).toBe("Enter a name for each label.");
  expect(labelsError([team, { name: " team", value: "b" }])).toBe("Two labels have the name team.");
});
