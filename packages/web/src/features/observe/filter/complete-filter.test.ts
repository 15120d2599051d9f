import { expect, test } from "vitest";
import { applyCompletion, completeField, completeKey, completeValue, placeAt } from "./complete-filter.ts";
import { withNewest } from "./recent-filters.ts";

const labels = (options: readonly { label: string }[]) => options.map(({ label }) => label);
/** The place at the caret, which `|` stands for. */
const at = (text: string) => placeAt(text.replace("|", ""), text.indexOf("|"));

test("the caret knows whether a field, a key or a value is being written", () => {
  expect(at("|")).toMatchObject({ kind: "field", word: "" });
  expect(at("status:error mod|")).toMatchObject({ kind: "field", word: "mod", from: 13 });
  expect(at("-mod|")).toMatchObject({ kind: "field", word: "mod", from: 1 });
  expect(at("(user:a OR t|)")).toMatchObject({ kind: "field", word: "t" });
  expect(at("model:|")).toMatchObject({ kind: "value", field: { name: "model" }, word: "", from: 6, to: 6 });
  expect(at("model:a,gp| x")).toMatchObject({ kind: "value", word: "gp", from: 8, to: 10 });
  expect(at('userId:"ana m|')).toMatchObject({ kind: "value", field: { name: "user" }, word: "ana m" });
  expect(at("metadata.ten|")).toMatchObject({ kind: "key", field: { name: "metadata" }, word: "ten" });
  expect(at("nonsense:|")).toMatchObject({ kind: "none" });
  expect(at("a O|R b")).toMatchObject({ kind: "none" });
});

test("fields that start with the word come first, and a complete field offers its comparisons", () => {
  expect(labels(completeField("to")).slice(0, 1)).toEqual(["tokens>"]);
  expect(labels(completeField("to"))).toContain("outputTokens>");
  expect(labels(completeField("latency")).slice(0, 3)).toEqual(["latency>", "latency>=", "latency<"]);
  expect(labels(completeField("sco"))).toContain("score.");
});

test("values are a field's own choices, round numbers, or what the server has seen", () => {
  const place = (text: string) => {
    const completion = at(text);
    if (completion.kind !== "value" && completion.kind !== "key") throw new Error(`nothing to complete in ${text}`);
    return completion;
  };
  expect(labels(completeValue(place("status:err|"), []))).toEqual(["error"]);
  expect(labels(completeValue(place("latency>|"), []))).toContain("2s");
  expect(completeValue(place("user:|"), [{ value: "ana maria", count: 3 }])).toMatchObject([
    { label: "ana maria", count: 3, insert: '"ana maria"' },
  ]);
  expect(labels(completeKey(place("score.|"), [{ value: "helpful", count: 9 }]))).toEqual(["score.helpful<"]);
});

test("a choice replaces what was begun, and a finished value is followed by a blank", () => {
  const option = { id: "x", group: "Values", label: "gpt-4o", insert: "gpt-4o", isOpen: false } as const;
  expect(applyCompletion("model:gp refund", { from: 6, to: 8 }, option)).toEqual({
    text: "model:gpt-4o refund",
    caret: 12,
  });
  expect(applyCompletion("model:gp", { from: 6, to: 8 }, option)).toEqual({ text: "model:gpt-4o ", caret: 13 });
});

test("a filter that grew replaces its shorter self among the recent ones", () => {
  expect(withNewest(["a", "b"], "a c")).toEqual(["a c", "b"]);
  expect(withNewest(["a", "b"], "b")).toEqual(["b", "a"]);
});
