import { expect, test } from "vitest";
import { type Draft, NO_HISTORY, remember, stepBack, stepForward } from "./draft-history.ts";

const draft = (name: string): Draft => ({ name, description: "", charts: [], version: 1 });
const [a, b, c] = [draft("a"), draft("b"), draft("c")];

test("steps are undone one by one, and redone", () => {
  const history = remember(remember(NO_HISTORY, { before: a, after: b }), { before: b, after: c });
  const back = stepBack(history, c);
  expect(back?.draft).toEqual(b);
  const first = stepBack(back?.history ?? NO_HISTORY, b);
  expect(first?.draft).toEqual(a);
  expect(stepBack(first?.history ?? NO_HISTORY, a)).toBeUndefined();
  expect(stepForward(first?.history ?? NO_HISTORY, a)?.draft).toEqual(b);
});

test("letters of one name are one step, and other changes begin a new one", () => {
  const typed = remember(remember(NO_HISTORY, { before: a, after: b, what: "name" }), {
    before: b,
    after: c,
    what: "name",
  });
  expect(stepBack(typed, c)?.draft).toEqual(a);
  const other = remember(typed, { before: c, after: b, what: "description" });
  expect(other.past).toEqual([a, c]);
});

test("a change that is reversed by hand leaves no step, and a new change clears the undone steps", () => {
  const edited = remember(NO_HISTORY, { before: a, after: b, what: "chart.1" });
  expect(remember(edited, { before: b, after: a, what: "chart.1" }).past).toEqual([]);
  const back = stepBack(edited, b)?.history ?? NO_HISTORY;
  expect(back.future).toEqual([b]);
  expect(remember(back, { before: a, after: c }).future).toEqual([]);
});

test("at most a hundred steps are stored", () => {
  let history = NO_HISTORY;
  for (let step = 0; step < 150; step += 1)
    history = remember(history, { before: draft(`${step}`), after: draft(`${step + 1}`) });
  expect(history.past).toHaveLength(100);
  expect(history.past[0]?.name).toBe("50");
});
