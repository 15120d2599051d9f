import { expect, test } from "vitest";
import { bandsFor } from "../duplicates/near-layers.ts";
import { detectionProbability } from "../sets/minhash.ts";
import type { Verdict } from "../step/step.ts";
import { asking, runStep, textOfWords } from "../testing/step-context.ts";
import { exactDuplicates } from "./exact-duplicates.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { semanticDuplicates } from "./semantic-duplicates.ts";

const removed = (verdicts: readonly Verdict[]) =>
  verdicts.flatMap(({ item, keep, related }) => (keep ? [] : [[item.itemId, related?.itemId]]));

test("planted exact duplicates are all found, whatever blanks they have, and one of each stays", async () => {
  const originals = Array.from({ length: 2_500 }, (_, seed) =>
    asking(`it_${seed}`, textOfWords(seed, 6), { expected: "yes" }),
  );
  const planted = originals
    .slice(0, 300)
    .map((_original, seed) =>
      asking(`copy_${seed}`, `  ${textOfWords(seed, 6).replaceAll(" ", "\n ")}`, { expected: "yes" }),
    );
  const verdicts = await runStep(exactDuplicates, { items: [...originals, ...planted] });
  expect(verdicts).toHaveLength(2_800);
  expect(removed(verdicts)).toEqual(planted.map(({ itemId }, seed) => [itemId, `it_${seed}`]));
  expect(verdicts.at(-1)).toMatchObject({ rule: "same-item", reason: "The same as it_299" });
});

test("what counts as the same is all of an item, what it asks, or what it answers", async () => {
  const items = [
    asking("a", "Why?", { expected: "Because." }),
    asking("b", "Why?", { expected: "No idea." }),
    asking("c", "How?", { expected: "because." }),
    asking("d", "", { expected: "" }),
    asking("e", "", { expected: "" }),
  ];
  expect(removed(await runStep(exactDuplicates, { items }))).toEqual([["e", "d"]]);
  expect(removed(await runStep(exactDuplicates, { items }, { of: "prompt" }))).toEqual([["b", "a"]]);
  expect(removed(await runStep(exactDuplicates, { items }, { of: "answer" }))).toEqual([]);
  expect(removed(await runStep(exactDuplicates, { items }, { of: "answer", ignoreCase: true }))).toEqual([["c", "a"]]);
});

test("the same words by another role, or with other tools, are not the same", async () => {
  const turns = (role: string, tools?: unknown[]) => ({
    messages: [{ role, content: "Hello" }],
    ...(tools && { tools }),
  });
  const items = [
    asking("a", "", { inputs: turns("user") }),
    asking("b", "", { inputs: turns("system") }),
    asking("c", "", { inputs: turns("user", [{ name: "find" }]) }),
    asking("d", "", { inputs: turns("user") }),
  ];
  expect(removed(await runStep(exactDuplicates, { items }))).toEqual([["d", "a"]]);
  expect(removed(await runStep(exactDuplicates, { items }, { of: "prompt" }))).toEqual([
    ["c", "a"],
    ["d", "a"],
  ]);
});

test("of duplicates the one with the highest rating stays, also when it comes last", async () => {
  const items = [
    asking("a", "Why?"),
    asking("b", "Why?", { metadata: { rating: 2 } }),
    asking("c", "Why?", { metadata: { rating: "5" } }),
  ];
  const params = { of: "prompt", keep: "highest", keepField: "metadata.rating" };
  expect(removed(await runStep(exactDuplicates, { items }, params))).toEqual([
    ["a", "c"],
    ["b", "c"],
  ]);
  expect(() => exactDuplicates.params.parse({ keep: "highest" })).toThrow("name a field with a number");
});

test("a duplicate can be flagged instead, and is not flagged twice", async () => {
  const items = [asking("a", "Why?"), asking("b", "Why?"), asking("c", "Why?", { metadata: { flags: ["same-item"] } })];
  const [, second, third] = await runStep(exactDuplicates, { items }, { action: "flag" });
  expect(second).toMatchObject({ keep: true, edited: { metadata: { flags: ["same-item"] } } });
  expect(third).toMatchObject({ keep: true, reason: "" });
});

test("planted near-duplicates are all found, with their similarity", async () => {
  const originals = Array.from({ length: 600 }, (_, seed) => asking(`it_${seed}`, textOfWords(seed, 60)));
  const planted = Array.from({ length: 80 }, (_, seed) =>
    asking(`copy_${seed}`, textOfWords(seed, 60).split(" ").with(58, "other").join(" ")),
  );
  const notes: string[] = [];
  const verdicts = await runStep(nearDuplicates, { items: [...originals, ...planted], notes }, { size: 5 });
  expect(notes).toEqual(["680 texts compared by 5 words in a row. Near-duplicates have a similarity of at least 0.8."]);
  expect(removed(verdicts)).toEqual(planted.map(({ itemId }, seed) => [itemId, `it_${seed}`]));
  // Two of 56 runs of five are others: 54 of 58.
  expect(verdicts.at(-1)).toMatchObject({ rule: "near-duplicate", value: 0.931, threshold: 0.8 });
});

test("what a system message says makes nothing similar", async () => {
  const system = { role: "system", content: textOfWords(0, 200) };
  const items = [1, 2].map((seed) =>
    asking(`it_${seed}`, "", { inputs: { messages: [system, { role: "user", content: textOfWords(seed, 12) }] } }),
  );
  expect(removed(await runStep(nearDuplicates, { items }))).toEqual([]);
});

test.each(["datatrove", "nemo", "short"])("the parameters of the preset %s are valid", (id) => {
  const preset = nearDuplicates.presets?.find(({ presetId }) => presetId === id);
  expect(nearDuplicates.params.safeParse(preset?.params).success).toBe(true);
});

test.each([
  [{ threshold: 2 }, "threshold"],
  [{ bands: 200, rowsPerBand: 50 }, "bands"],
  [{ bands: 14 }, "bands"],
  [{ size: 0 }, "size"],
  [{ keep: "highest" }, "keepField"],
  [{ keepField: "nowhere" }, "keepField"],
  [{ unknown: 1 }, ""],
])("parameters that cannot be are refused where they are wrong: %j", (params, path) => {
  const { error } = nearDuplicates.params.safeParse(params);
  expect(error?.issues[0]?.path.join(".")).toBe(path);
});

test.each([0.2, 0.4, 0.6, 0.74, 0.75, 0.8])(
  "with a threshold of %d a pair that reaches it is mostly found",
  (threshold) => {
    const shape = bandsFor(threshold);
    expect(shape.bands * shape.rowsPerBand).toBeLessThanOrEqual(112);
    expect(detectionProbability(threshold, shape)).toBeGreaterThan(0.7);
    expect(detectionProbability(threshold + 0.1, shape)).toBeGreaterThan(0.9);
  },
);

test("texts that mean the same are found by their vectors", async () => {
  const meanings: Record<string, number[]> = {
    "Where is it?": [1, 0, 0],
    "Where might it be?": [0.99, 0.1, 0],
    "Who?": [0, 0, 1],
  };
  const embed = async (texts: readonly string[]) => {
    expect(texts).not.toContain("");
    return texts.map((text) => meanings[text] ?? [0, 1, 0]);
  };
  const items = [...Object.keys(meanings), "", " "].map((text, index) => asking(`it_${index}`, text));
  const verdicts = await runStep(semanticDuplicates, { items, embed });
  expect(removed(verdicts)).toEqual([["it_1", "it_0"]]);
  expect(verdicts[1]?.value).toBeCloseTo(0.995, 3);
});
