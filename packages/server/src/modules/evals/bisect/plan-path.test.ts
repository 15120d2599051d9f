import { expect, test } from "vitest";
import { planPath, type Side } from "./plan-path.ts";

const side = (variant: Partial<Side["variant"]> = {}, around: Partial<Side> = {}): Side => ({
  variant: { name: "v", model: "m", prompt: null, messages: null, parameters: {}, ...variant },
  ...{ judge: "exact", root: "aaaaaaaaaa" },
  ...around,
});
const at = (version: number) => ({ prompt: { name: "reply", version } });

test("each change is a step of its own, and the state after the last one is the bad run's", () => {
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
  expect(states.at(-1)).toEqual({ variant: { ...bad.variant, name: "v" }, judge: "bad", items: "bad" });
});

test("versions go back as well as forth, and another prompt is one step", () => {
  expect(planPath(side(at(3)), side(at(1))).steps.map(({ label }) => label)).toEqual([
    "reply: version 3 → 2",
    "reply: version 2 → 1",
  ]);
  const messages = [{ role: "user" as const, content: "{{q}}" }];
  expect(planPath(side(at(3)), side({ messages })).steps.map(({ kind, label }) => [kind, label])).toEqual([
    ["prompt", "reply@3 → messages of its own"],
  ]);
  expect(planPath(side(), side({ messages })).steps.map(({ kind }) => kind)).toEqual(["messages"]);
});

test("two runs made in the same way have nothing between them", () => {
  expect(planPath(side(at(3)), side(at(3))).steps).toEqual([]);
});
