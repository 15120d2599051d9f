import { expect, test } from "vitest";
import { planPath, type Side } from "./plan-path.ts";

const side = (variant: Partial<Side["variant"]> = {}, around: Partial<Side> = {}): Side => ({
  variant: { name: "v", model: "m", prompt: null, messages: null, parameters: {}, ...variant },
  judge: "exact",
  root: "aaaaaaaaaa",
  versions: {},
  ...around,
});
const at = (version: number) => ({ prompt: { name: "reply", version } });

test("each change is a separate step, and the state after the last step equals the bad run", () => {
  const bad = side(
    { ...at(5), model: "n", parameters: { seed: 1, top_p: 1 } },
    { judge: "exact-2", root: "bbbbbbbbbb" },
  );
  const { steps, states } = planPath(side({ ...at(3), parameters: { temperature: 0, top_p: 1 } }), bad);
  expect(steps.map(({ index, kind, label }) => [index, kind, label])).toEqual([
    [1, "judge", "the scorer"],
    [2, "dataset", "the dataset: aaaaaaaa → bbbbbbbb"],
    [3, "parameter", "seed: not set → 1"],
    [4, "parameter", "temperature: 0 → not set"],
    [5, "model", "m → n"],
    [6, "prompt", "reply: version 3 → 4"],
    [7, "prompt", "reply: version 4 → 5"],
  ]);
  expect(states).toHaveLength(8);
  expect(states.at(-1)).toEqual({ variant: bad.variant, judge: "bad", root: "bbbbbbbbbb", isNow: false });
});

test("versions go back as well as forth, and another prompt is one step", () => {
  expect(planPath(side(at(3)), side(at(1))).steps.map(({ label }) => label)).toEqual([
    "reply: version 3 → 2",
    "reply: version 2 → 1",
  ]);
  const messages = [{ role: "user" as const, content: "{{q}}" }];
  expect(planPath(side(at(3)), side({ messages })).steps.map(({ kind, label }) => [kind, label])).toEqual([
    ["prompt", "reply@3 → the variant's messages"],
  ]);
  expect(planPath(side(), side({ messages })).steps.map(({ kind }) => kind)).toEqual(["messages"]);
});

test("versions of the dataset come one by one where the way between them is known", () => {
  const roots = [1, 2, 3].map((number) => ({ root: `r${number}`, label: `version ${number}` }));
  const { steps, states } = planPath(side({}, { root: "r1" }), side({}, { root: "r3" }), roots);
  expect(steps.map(({ label }) => label)).toEqual([
    "the dataset: version 1 → version 2",
    "the dataset: version 2 → version 3",
  ]);
  expect(states.map(({ root }) => root)).toEqual(["r1", "r2", "r3"]);
});

test("a change known only by name is at both ends, and only the states in between are requested", () => {
  const good = side(at(1), { versions: { retriever: "bm25-1", code: "v1", index: "i" } });
  const bad = side(at(2), { versions: { retriever: "bm25-2", index: "i" } });
  const { steps, states, stops } = planPath(good, bad);
  expect(steps.map(({ kind, label, isRunnable }) => [kind, label, isRunnable])).toEqual([
    ["code", "code: v1 → none, from v1 to the current version", false],
    ["retriever", "retriever: bm25-1 → bm25-2, from bm25-1 to the current version", false],
    ["prompt", "reply: version 1 → 2", true],
    ["code", "code: v1 → none, from the current version to none", false],
    ["retriever", "retriever: bm25-1 → bm25-2, from the current version to bm25-2", false],
  ]);
  // States with one of two programs changed cannot be made, so nothing stops there.
  expect(stops).toEqual([0, 2, 3, 5]);
  expect(states.map(({ isNow }) => isNow)).toEqual([false, true, true, true, true, true]);
  expect(planPath(side({}, { versions: { code: "v1" } }), side({}, { versions: { code: "v2" } }))).toMatchObject({
    steps: [{ kind: "code", label: "code: v1 → v2", isRunnable: false }],
    stops: [0, 1],
  });
});

test("two runs made in the same way have nothing between them", () => {
  expect(planPath(side(at(3)), side(at(3))).steps).toEqual([]);
});
