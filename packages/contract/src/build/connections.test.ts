import { expect, test } from "vitest";
import { ConnectionKeyInput } from "./connections.ts";

test("a pasted key loses the line break at its end", () =>
  expect(ConnectionKeyInput.parse({ value: " sk-abc\n" })).toEqual({ value: "sk-abc", weight: 1 }));

test.each(["sk-a\nb", "sk-ä", "sk-\u200b", "\n"])("%j is refused: no header can carry it", (value) =>
  expect(ConnectionKeyInput.safeParse({ value }).success).toBe(false),
);
