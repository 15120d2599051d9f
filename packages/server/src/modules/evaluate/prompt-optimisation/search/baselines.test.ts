import { expect, test } from "vitest";
import { ended, scriptedLab } from "../testing/scripted-lab.ts";
import { runFewShot } from "./few-shot.ts";
import { runMutations } from "./mutations.ts";

test("examples are the prompt's own good answers and expected ones; sets of them are tried", async () => {
  const scripted = scriptedLab({
    texts: ["a"],
    items: 6,
    answers: 1_000,
    score: ({ examples }, { itemId }) =>
      itemId.startsWith("f") ? Number(itemId === "f2" || itemId === "f4") : Math.min(1, examples.length / 3),
  });
  expect(await ended(runFewShot(scripted.lab, { examples: 3, trials: 8 }))).toBe("finished");
  const { candidates } = scripted.pool;
  expect(candidates[0]?.program.examples).toEqual([]);
  expect(candidates[1]?.program.examples).toHaveLength(3);
  // Only these two answers of the model's own are as good as can be.
  expect(candidates[2]?.program.examples.map(({ itemId }) => itemId).sort()).toEqual(["f2", "f4"]);
  for (const { program, parents, change } of candidates.slice(1)) {
    expect(program.examples.every(({ itemId }) => itemId.startsWith("f"))).toBe(true);
    expect(program.examples.length).toBeLessThanOrEqual(3);
    expect({ parents, change }).toEqual({ parents: [0], change: "examples" });
  }
});

test("without good answers the expected ones alone are examples", async () => {
  const scripted = scriptedLab({ texts: ["a"], items: 4, answers: 500, score: () => 0 });
  await ended(runFewShot(scripted.lab, { examples: 2, trials: 4 }));
  expect(scripted.pool.candidates.length).toBeGreaterThan(1);
});

test("successive halving answers all for few items and only the best for all", async () => {
  const isBest = (text: string) => text.includes("Be brief and exact.");
  const scripted = scriptedLab({
    texts: ["Do it."],
    items: 40,
    answers: 10_000,
    score: ({ texts }) => (isBest(texts[0] ?? "") ? 1 : 0.2),
  });
  expect(await ended(runMutations(scripted.lab, { examples: 2, trials: 24 }))).toBe("finished");
  const { candidates } = scripted.pool;
  // 24, then 12 on half of the items, then 6 on all, with the first one.
  expect(candidates).toHaveLength(7);
  expect(scripted.lab.answers()).toBe(40 + 24 * 10 + 12 * 10 + 6 * 20);
  expect(isBest(candidates[1]?.program.texts[0] ?? "")).toBe(true);
  expect(candidates[1]).toMatchObject({ change: "mutation", parents: [0] });
});

test("a mutation retains the whole text", async () => {
  const scripted = scriptedLab({ texts: ["Keep {{this}}"], items: 8, answers: 2_000, score: () => 0.5 });
  await ended(runMutations(scripted.lab, { examples: 1, trials: 10 }));
  expect(scripted.pool.candidates.length).toBeGreaterThan(1);
  for (const { program } of scripted.pool.candidates) expect(program.texts[0]).toContain("Keep {{this}}");
});
