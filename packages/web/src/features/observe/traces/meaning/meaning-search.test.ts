import { expect, test } from "vitest";
import { amongOf, meaningOf, parseMeaning, rangeHolding } from "./meaning-search.ts";

test("an address without a sentence has no meaning search, and a too long sentence is cut off", () => {
  expect(parseMeaning({})).toEqual({});
  expect(parseMeaning({ meaning: " x ", among: "2000" })).toEqual({});
  expect(parseMeaning({ meaning: " money back " })).toEqual({ meaning: "money back" });
  expect(parseMeaning({ meaning: "y".repeat(3_000) }).meaning).toHaveLength(2_000);
});

test("only the numbers of spans that are offered can be asked for", () => {
  expect(amongOf(parseMeaning({ meaning: "money back", among: "2000" }))).toBe(2_000);
  expect(amongOf(parseMeaning({ meaning: "money back", among: "1e9" }))).toBe(500);
  expect(amongOf(parseMeaning({ meaning: "money back", among: "x" }))).toBe(500);
});

const message = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

test("a span is searched by its last question and its answer", () => {
  const input = [
    message("system", "Be kind."),
    message("user", "Hello"),
    message("assistant", "Hi"),
    message("user", "A refund?"),
  ];
  expect(meaningOf({ input, output: [message("assistant", "Of\n course")] })).toBe("A refund? Of course");
});

test("what is no message is looked for as it stands, in a line of limited length", () => {
  expect(meaningOf({ input: { order: 17 }, output: "sent" })).toBe('{"order":17} sent');
  expect(meaningOf({ input: `${"x".repeat(199)}😀`, output: null })).toHaveLength(200);
  expect(meaningOf({ input: `${"x".repeat(199)}😀`, output: null }).isWellFormed()).toBe(true);
  expect(meaningOf({ input: null, output: null })).toBe("");
});

const NOW = Date.parse("2026-11-20T12:00:00.000Z");

test("the time that is shown stays when it holds the moment", () => {
  expect(rangeHolding("2026-11-20T11:30:00.000Z", { range: "1h" }, NOW)).toEqual({ range: "1h" });
  expect(rangeHolding("2026-11-20T11:30:00.000Z", {}, NOW)).toEqual({});
  const fixed = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-02T00:00:00.000Z" };
  expect(rangeHolding("2026-11-01T07:00:00.000Z", fixed, NOW)).toEqual(fixed);
});

test("otherwise the shortest time that holds it is shown", () => {
  expect(rangeHolding("2026-11-20T10:00:00.000Z", { range: "1h" }, NOW)).toEqual({ range: "24h" });
  expect(rangeHolding("2026-11-15T10:00:00.000Z", {}, NOW)).toEqual({ range: "7d" });
  expect(rangeHolding("2025-01-02T00:00:00.000Z", {}, NOW)).toEqual({
    from: "2025-01-01T00:00:00.000Z",
    to: "2025-01-03T00:00:00.000Z",
  });
});
