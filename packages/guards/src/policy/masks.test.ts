import fc from "fast-check";
import { expect, test } from "vitest";
import { createMasks, createRestorer } from "./masks.ts";

test("a value has the same placeholder everywhere, also after the map was stored", () => {
  const masks = createMasks();
  expect(masks.placeholderOf("email", "ann@example.com")).toBe("<EMAIL_1>");
  expect(masks.placeholderOf("us-ssn", "078-05-1120")).toBe("<US_SSN_1>");
  expect(masks.placeholderOf("email", "ann@example.com")).toBe("<EMAIL_1>");
  const again = createMasks(masks.entries());
  expect(again.placeholderOf("email", "ann@example.com")).toBe("<EMAIL_1>");
  expect(again.placeholderOf("email", "bob@example.com")).toBe("<EMAIL_2>");
});

test("a placeholder that stands for nothing stays", () => {
  const masks = createMasks();
  masks.placeholderOf("email", "ann@example.com");
  expect(masks.restore("<EMAIL_1>, <EMAIL_2> and <b>")).toBe("ann@example.com, <EMAIL_2> and <b>");
});

test("a text in pieces is restored like the whole, and ordinary text is not held back", () => {
  const masks = createMasks();
  masks.placeholderOf("email", "ann@example.com");
  masks.placeholderOf("card", "4111");
  const piece = fc.constantFrom("<EMAIL_1>", "<CARD_1>", "<", "<E", "a < b", "<EMAIL_9>", "x", "<div>", "\n");
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat()), (pieces, cuts) => {
      const text = pieces.join("");
      const restorer = createRestorer(masks);
      const out = cutAt(text, cuts).map((part) => restorer.push(part));
      expect(out.join("") + restorer.flush()).toBe(masks.restore(text));
    }),
  );
  expect(createRestorer(masks).push("Hello wor")).toBe("Hello wor");
});

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
}
