import { expect, test } from "vitest";
import { createClient } from "../client.ts";
import { readItems } from "./read-items.ts";

const nobody = createClient({
  baseUrl: "http://127.0.0.1:9",
  fetch: () => Promise.reject(new Error("nothing is asked")),
});
const idsOf = async (...inputs: Record<string, unknown>[]) =>
  (
    await readItems(
      nobody,
      inputs.map((one) => ({ inputs: one })),
    )
  ).items.map(({ itemId }) => itemId);

test("an item without an id gets an id from its inputs, whatever the order of keys, and a duplicate gets a different id", async () => {
  const [first] = await idsOf({ a: 1, b: { c: [2], d: 3 } });
  expect(await idsOf({ b: { d: 3, c: [2] }, a: 1 })).toEqual([first]);
  expect(await idsOf({ a: 2 })).not.toEqual([first]);
  expect(await idsOf({ a: 1 }, { a: 1 }, { a: 1 })).toEqual([
    expect.stringMatching(/^[0-9a-f]{16}$/),
    expect.stringMatching(/^[0-9a-f]{16}-2$/),
    expect.stringMatching(/^[0-9a-f]{16}-3$/),
  ]);
});

test("two items of one id, and no items at all, are refused", async () => {
  const item = { itemId: "a", inputs: {} };
  await expect(readItems(nobody, [item, item])).rejects.toThrow('Two items have the id "a"');
  await expect(readItems(nobody, [])).rejects.toThrow("no items");
});
