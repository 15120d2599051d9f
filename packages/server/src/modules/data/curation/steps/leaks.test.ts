import type { Item } from "@treadle/contract";
import { expect, test } from "vitest";
import { asking, runStep, textOfWords } from "../testing/step-context.ts";
import { decontamination } from "./decontamination.ts";
import { leakCheck } from "./leak-check.ts";
import { outliers } from "./outliers.ts";

const setOf = (datasetId: string, items: readonly Item[]) => ({
  datasetId,
  name: `The ${datasetId}`,
  async *read() {
    yield* items;
  },
});

test("planted contamination is all found and says which evaluation item it gives away", async () => {
  const exam = Array.from({ length: 200 }, (_, seed) =>
    asking(`exam_${seed}`, textOfWords(seed, 30), { expected: "42" }),
  );
  const quiz = [asking("quiz_0", "Where is my new card?", { expected: "card_arrival" })];
  const clean = Array.from({ length: 400 }, (_, seed) => asking(`clean_${seed}`, textOfWords(1_000 + seed, 40)));
  const planted = Array.from({ length: 60 }, (_, seed) =>
    asking(`bad_${seed}`, `As an aside: ${textOfWords(seed, 30).split(" ").slice(4, 24).join(" ")}.`),
  );
  const near = asking("near", "where is my new card");
  const sets = [setOf("exam", exam), setOf("quiz", quiz)];
  const verdicts = await runStep(decontamination, { items: [...clean, ...planted, near], sets });
  const leaks = verdicts.filter(({ keep }) => !keep);
  expect(leaks.map(({ item, related }) => [item.itemId, related])).toEqual([
    ...planted.map(({ itemId }, seed) => [itemId, { datasetId: "exam", itemId: `exam_${seed}` }]),
    ["near", { datasetId: "quiz", itemId: "quiz_0" }],
  ]);
  expect(leaks[0]).toMatchObject({
    rule: "shared-words",
    reason: "Shares consecutive words with exam_0 of The exam (overlap 0.4211)",
  });
});

test("an overlap that is too small is no contamination when one is asked for", async () => {
  const sets = [setOf("exam", [asking("exam_0", textOfWords(1, 60))])];
  const items = [asking("part", textOfWords(1, 14)), asking("most", textOfWords(1, 50))];
  const verdicts = await runStep(decontamination, { items, sets }, { overlap: 0.5, action: "flag" });
  expect(verdicts.map(({ edited }) => edited?.metadata.flags ?? null)).toEqual([null, ["contaminated:shared-words"]]);
});

test("without an evaluation dataset there is nothing to compare with, and the error says what to do", async () => {
  await expect(runStep(decontamination, { items: [] })).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining("Mark one first"),
  });
});

test("an item in an earlier split that belongs together with one in a later split is a leak", async () => {
  const items = [
    asking("a", textOfWords(1, 40), { split: "train" }),
    asking("b", textOfWords(1, 40).split(" ").with(38, "other1x38").join(" "), { split: "test" }),
    asking("c", textOfWords(2, 40), { split: "train" }),
    asking("d", textOfWords(3, 40), { split: "train", metadata: { user: "u1" } }),
    asking("e", textOfWords(4, 40), { split: "validation", metadata: { user: "u1" } }),
    asking("f", textOfWords(1, 40)),
  ];
  const verdicts = await runStep(leakCheck, { items }, { groupBy: ["metadata.user"] });
  expect(
    verdicts.filter(({ keep }) => !keep).map(({ item, rule, related }) => [item.itemId, rule, related?.itemId]),
  ).toEqual([
    ["a", "train-test", "b"],
    ["d", "train-validation", "e"],
  ]);
});

test("a text that is far longer than the others is an outlier", async () => {
  const items = [
    ...Array.from({ length: 99 }, (_, seed) => asking(`it_${seed}`, textOfWords(seed, 10 + (seed % 7)))),
    asking("long", textOfWords(1, 5_000)),
  ];
  const verdicts = await runStep(outliers, { items });
  expect(verdicts.filter(({ edited }) => edited).map(({ item, rule }) => [item.itemId, rule])).toEqual([
    ["long", "longer"],
  ]);
});

test("texts of one length have no outlier", async () => {
  const items = Array.from({ length: 20 }, (_, seed) => asking(`it_${seed}`, "the same"));
  expect((await runStep(outliers, { items })).every(({ keep, edited }) => keep && !edited)).toBe(true);
});

test("a text about something else than all others is an outlier by its meaning", async () => {
  const embed = async (texts: readonly string[]) =>
    texts.map((text, index) => (text === "odd" ? [0, 0, 1] : [1, 0.1 + (text.length % 10) / 50 + index / 1_000, 0]));
  const items = [
    ...Array.from({ length: 120 }, (_, seed) => asking(`it_${seed}`, textOfWords(seed, 1 + (seed % 5)))),
    asking("odd", "odd"),
  ];
  const verdicts = await runStep(outliers, { items, embed }, { by: "meaning", topics: 1, deviations: 6 });
  expect(verdicts.filter(({ edited }) => edited).map(({ item, rule }) => [item.itemId, rule])).toEqual([
    ["odd", "off-topic"],
  ]);
});
