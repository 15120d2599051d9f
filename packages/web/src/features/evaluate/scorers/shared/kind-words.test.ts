import type { ScorerKind } from "@treadle/contract";
import { expect, test } from "vitest";
import { groupKinds, needWords, outputWords } from "./kind-words.ts";

const kindOf = (given: Partial<ScorerKind>): ScorerKind => ({
  kind: "bleu",
  label: "BLEU",
  group: "text",
  summary: "Words in a row that are the same",
  params: {},
  output: { type: "number", min: 0, max: 100, direction: "higher", unit: "" },
  needs: [],
  isCorpus: true,
  ...given,
});
const judge = kindOf({ kind: "rubric", label: "Rubric", group: "judge", summary: "A model judges", needs: ["judge"] });

test("kinds are found by any of their words, and are listed in the order of the groups", () => {
  const kinds = [judge, kindOf({})];
  expect(groupKinds(kinds, { search: "", group: undefined }).map(({ group }) => group)).toEqual(["text", "judge"]);
  expect(groupKinds(kinds, { search: "model JUDGES", group: undefined })).toEqual([{ group: "judge", kinds: [judge] }]);
  expect(groupKinds(kinds, { search: "", group: "text" })).toHaveLength(1);
  expect(groupKinds(kinds, { search: "nothing of it", group: undefined })).toEqual([]);
});

test("the output and the inputs of a scorer are shown as text", () => {
  expect(outputWords(judge.output)).toBe("a number from 0 to 100, higher is better");
  expect(outputWords({ type: "number", min: 0, max: null, direction: "lower", unit: "ms" })).toBe(
    "milliseconds, lower is better",
  );
  expect(outputWords({ type: "boolean", min: 0, max: 1, direction: "none", unit: "" })).toBe("yes or no");
  expect(needWords(judge)).toBe("needs a judge model");
  expect(needWords(kindOf({}))).toBe("");
});
