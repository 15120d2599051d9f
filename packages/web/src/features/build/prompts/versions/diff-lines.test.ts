import { expect, test } from "vitest";
import { diffContents, diffLines, rowsOf } from "./diff-lines.ts";

const settings = {
  format: "mustache" as const,
  inputs: null,
  model: null,
  parameters: {},
  tools: [],
  responseFormat: null,
};

test("a changed line is a pair, and what surrounds it stays", () => {
  expect(rowsOf(diffLines("a\nb\nc", "a\nB\nc"))).toEqual([
    { kind: "line", line: { kind: "same", text: "a" } },
    { kind: "pair", before: "b", after: "B" },
    { kind: "line", line: { kind: "same", text: "c" } },
  ]);
});

test("a long unchanged part is hidden, except three lines next to each change", () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const rows = rowsOf(diffLines(lines.join("\n"), lines.map((line, at) => (at === 10 ? "other" : line)).join("\n")));
  expect(rows.map(({ kind }) => kind)).toEqual([
    "folded",
    ...Array(3).fill("line"),
    "pair",
    ...Array(3).fill("line"),
    "folded",
  ]);
  expect(rows[0]).toMatchObject({ lines: lines.slice(0, 7) });
});

test("only fields that differ are compared, and an added or removed field has one kind of lines", () => {
  const before = { ...settings, type: "text" as const, template: "Hello {{name}}" };
  const after = { ...before, template: "Hi {{name}}", model: "support" };
  expect(diffContents(before, after)).toEqual([
    {
      field: "template",
      lines: [
        { kind: "removed", text: "Hello {{name}}" },
        { kind: "added", text: "Hi {{name}}" },
      ],
    },
    { field: "model", lines: [{ kind: "added", text: "support" }] },
  ]);
  expect(diffContents(before, before)).toEqual([]);
});

test("a message that was added and one whose role changed are both seen", () => {
  const before = { ...settings, type: "chat" as const, messages: [{ role: "system" as const, content: "x" }] };
  const after = {
    ...before,
    messages: [{ role: "developer" as const, content: "x" }, { placeholder: "history" }],
  };
  expect(diffContents(before, after).map(({ field }) => field)).toEqual(["messages[0]", "messages[1]"]);
});
