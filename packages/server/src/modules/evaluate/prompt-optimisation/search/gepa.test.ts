import { expect, test } from "vitest";
import { ended, scriptedLab } from "../testing/scripted-lab.ts";
import type { Rewrite, Rewritten } from "./evaluator.ts";
import { runGepa } from "./gepa.ts";
import { mergePrograms } from "./merge.ts";

const options = { minibatch: 3, merge: true };
const written = (text: string): Rewritten => ({ kind: "text", text, reflection: `So it is ${text}.` });
const textAt = ({ program, at }: Rewrite) => program.texts[at] ?? "";
/** A prompt is as good as it has exclamation marks, four at most. */
const marks = (text: string) => Math.min(1, text.length / 4);

test("each rewrite that improves its batch is stored, with its parent and the reflection", async () => {
  const scripted = scriptedLab({
    texts: [""],
    items: 4,
    answers: 200,
    score: ({ texts }) => marks(texts[0] ?? ""),
    rewrite: (asked) => written(`${textAt(asked)}!`),
  });
  expect(await ended(runGepa(scripted.lab, options))).toBe("finished");
  const { candidates } = scripted.pool;
  expect(candidates.map(({ program }) => program.texts[0])).toEqual(["", "!", "!!", "!!!", "!!!!"]);
  expect(candidates.map(({ parents }) => parents)).toEqual([[], [0], [1], [2], [3]]);
  expect(candidates[1]).toMatchObject({ change: "rewrite", reflection: "So it is !." });
  // Each of the five prompts for the selection third of 4, and 3 of a batch for each of the four before a rewrite and after it.
  expect(candidates.at(-1)?.answersBefore).toBeLessThanOrEqual(5 * 4 + 4 * 4 * 2);
});

test("a rewrite that does no better is refused with the sums of both, and not answered any further", async () => {
  const scripted = scriptedLab({
    texts: ["good"],
    items: 6,
    answers: 60,
    score: ({ texts }) => (texts[0] === "good" ? 0.5 : 0.25),
    rewrite: (_asked, turn) => written(`bad ${turn}`),
  });
  await ended(runGepa(scripted.lab, options));
  expect(scripted.pool.candidates).toHaveLength(1);
  expect(scripted.pool.refused[0]).toMatchObject({ parents: [0], before: 1.5, after: 0.75 });
});

test("an equal sum is no improvement, and a missing score is not counted as 0", async () => {
  const equal = scriptedLab({
    texts: ["a"],
    items: 6,
    answers: 100,
    score: ({ texts }, { itemId }) => (texts[0] === "a" || !itemId.endsWith("0") ? 0.5 : null),
    rewrite: (_asked, turn) => written(`b ${turn}`),
  });
  await ended(runGepa(equal.lab, options));
  expect(equal.pool.candidates).toHaveLength(1);
  for (const { before, after } of equal.pool.refused) expect(after).toBe(before);
});

test("a perfect batch asks for no rewrite, and the search ends by itself", async () => {
  const scripted = scriptedLab({ texts: ["x"], items: 5, answers: 1_000, score: () => 1 });
  expect(await ended(runGepa(scripted.lab, options))).toBe("finished");
  expect(scripted.rewrites).toHaveLength(0);
});

test("the budget is never passed", async () => {
  const scripted = scriptedLab({
    texts: [""],
    items: 10,
    answers: 35,
    score: ({ texts }) => marks(texts[0] ?? ""),
    rewrite: (asked) => written(`${textAt(asked)}!`),
  });
  expect(await ended(runGepa(scripted.lab, options))).toBe("budget-answers");
  expect(scripted.lab.answers()).toBeLessThanOrEqual(35);
  expect(scripted.pool.candidates).toHaveLength(2);
});

test("the same seed searches the same way", async () => {
  const searched = async (seed: number) => {
    const scripted = scriptedLab({
      texts: ["", ""],
      items: 9,
      answers: 300,
      seed,
      score: ({ texts }, { itemId }) => ((texts.join("").length * 7 + Number(itemId.slice(1))) % 10) / 10,
      rewrite: (asked) => written(`${textAt(asked)}!`),
    });
    await ended(runGepa(scripted.lab, options));
    return JSON.stringify([scripted.rewrites, scripted.pool]);
  };
  expect(await searched(5)).toBe(await searched(5));
  expect(await searched(5)).not.toBe(await searched(6));
});

test("two lines that changed different messages are joined", async () => {
  const scripted = scriptedLab({
    texts: ["a", "b"],
    items: 6,
    answers: 400,
    // A third of the items need the first message to be better, a third the second one; the last third suffers while only one is.
    score({ texts }, { itemId }) {
      const better = texts.map((text) => text.endsWith("+"));
      const kind = Number(itemId.slice(1)) % 3;
      return kind === 2 ? (better[0] === better[1] ? 1 : 0.5) : Number(better[kind]);
    },
    rewrite: ({ program, at }) =>
      program.texts.some((text) => text.endsWith("+"))
        ? { kind: "refused", reason: "It knows no more.", reflection: "" }
        : written(`${program.texts[at]}+`),
  });
  await ended(runGepa(scripted.lab, { minibatch: 3, merge: true }));
  const merged = scripted.pool.candidates.find(({ change }) => change === "merge");
  expect(merged).toMatchObject({ program: { texts: ["a+", "b+"] }, parents: [1, 2] });
  expect(merged?.outcomes.every(({ score }) => score === 1)).toBe(true);
});

test("a merge takes each text from the line that changed it, and the better one's where both did", () => {
  const program = (...texts: string[]) => ({ texts, examples: [] });
  expect(mergePrograms(program("a", "b"), program("A", "b"), program("a", "B"))).toEqual(program("A", "B"));
  expect(mergePrograms(program("a", "b"), program("A", "b"), program("X", "B"))).toEqual(program("A", "B"));
  expect(mergePrograms(program("a", "b"), program("A", "B"), program("a", "X"))).toBeNull();
});
