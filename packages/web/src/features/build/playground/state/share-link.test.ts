import { expect, test } from "vitest";
import { initialState, newMessage, promptColumn } from "./playground-state.ts";
import { leftOut, sharedStateIn, shareHash } from "./share-link.ts";

/** A text as the coded part of a link. */
async function pack(text: string) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

test("a playground survives the way through an address; keys and pictures stay behind", async () => {
  const start = initialState(["a/one", "b/two"]);
  const picture = "data:image/png;base64,AAAA";
  const state = {
    ...start,
    messages: [{ ...newMessage("user", "Füße 🦶 {{name}}"), images: [picture, "https://example.com/a.png"] }],
    columns: [
      ...start.columns.map((column) => ({ ...column, extra: { api_key: "sk-1", extra_headers: {}, user: "ada" } })),
      promptColumn({ name: "support/reply", version: 3 }, ""),
    ],
    inputs: { name: "Ada" },
    rows: { datasetId: "d", at: "2", count: 10, atOnce: 4, mapping: { name: "inputs.name" } },
    canned: { look: "{}" },
    isDiff: true,
  };
  const hash = await shareHash(state);
  expect(hash).toMatch(/^play=[\w-]+$/);
  const shared = await sharedStateIn(`#${hash}`);
  expect(shared?.messages[0]).toMatchObject({ content: "Füße 🦶 {{name}}", images: ["https://example.com/a.png"] });
  expect(shared?.columns.map(({ extra }) => extra)).toEqual([{ user: "ada" }, { user: "ada" }, {}]);
  expect(shared?.columns[2]?.prompt).toEqual({ name: "support/reply", version: 3 });
  expect(shared).toMatchObject({ inputs: state.inputs, rows: state.rows, canned: state.canned, isDiff: true });
  expect(leftOut(state)).toBe(1);
});

test("an address without a playground has none; a truncated or different one is rejected", async () => {
  expect(await sharedStateIn("#request=AAAA")).toBeUndefined();
  const hash = await shareHash(initialState(["m"]));
  await expect(sharedStateIn(hash.slice(0, -20))).rejects.toThrow("incomplete");
  await expect(sharedStateIn("#play=%%%")).rejects.toThrow("incomplete");
  await expect(sharedStateIn(`#play=${await pack(JSON.stringify({ isShared: 1 }))}`)).rejects.toThrow("incomplete");
});

test("an address that unfolds without end is refused", async () => {
  await expect(sharedStateIn(`#play=${await pack(" ".repeat(8_000_000))}`)).rejects.toThrow("incomplete");
});
