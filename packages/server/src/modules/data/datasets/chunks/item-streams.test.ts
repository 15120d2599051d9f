import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Item } from "@treadle/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRecord } from "../../../../kernel/is-record.ts";
import { openFolderObjects } from "../../../../platform/objects/folder.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { canonicalJson } from "./canonical-json.ts";
import { createDiffer } from "./diff-manifests.ts";
import { createRowEncoder, encodeItem } from "./item-hash.ts";
import { createItemStreams, type ItemStreams } from "./item-streams.ts";
import { createManifests, EMPTY_MANIFEST } from "./manifest.ts";

let postgres: PostgresStore;
let folder: string;
let objects: Objects;
let streams: ItemStreams;
const scope = { projectId: "project_1", actor: "user_1", userId: null, permissions: new Set<never>() };
const clock = { now: () => Date.now(), elapsed: () => performance.now() };

beforeAll(async () => {
  postgres = await openTestPostgres();
  folder = await mkdtemp(join(tmpdir(), "treadle-items-"));
  objects = await openFolderObjects(folder);
  streams = createItemStreams({ db: postgres.db, objects, manifests: createManifests(objects), clock });
});
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

const item = (at: number, more: Partial<Item> = {}): Item => ({
  itemId: `i${at}`,
  inputs: { text: `Text ${at} — ü 😀 \u0000 \ud800`, at },
  expected: at % 2 === 0 ? { role: "assistant", content: `Answer ${at}` } : null,
  metadata: {},
  source: { kind: "file", file: "a.jsonl", line: at },
  split: null,
  ...more,
});
const many = (count: number) => Array.from({ length: count }, (_, at) => item(at));
async function readAll(manifest: Parameters<ItemStreams["readItems"]>[1]): Promise<Item[]> {
  const items: Item[] = [];
  for await (const each of streams.readItems(scope, manifest)) items.push(each);
  return items;
}

test("what is written is read again, in order, with its source", async () => {
  const items = many(5_000);
  const manifest = await streams.writeItems(scope, items);
  expect(manifest.rows).toBe(5_000);
  expect(manifest.chunks.length).toBeGreaterThan(1);
  expect(await readAll(manifest)).toEqual(JSON.parse(JSON.stringify(items)));
  expect((await streams.writeItems(scope, [])).root).toBe(EMPTY_MANIFEST.root);
});

test("the source is no part of the root, and everything else is", async () => {
  const { root } = await streams.writeItems(scope, many(600));
  const rootWith = async (more: Partial<Item>) =>
    (await streams.writeItems(scope, [...many(600).slice(0, -1), item(599, more)])).root;
  expect(await rootWith({ source: { kind: "manual" } })).toBe(root);
  for (const more of [
    { split: "train" },
    { metadata: { a: 1 } },
    { expected: "x" },
    { inputs: {} },
    { itemId: "other" },
  ])
    expect(await rootWith(more)).not.toBe(root);
  expect((await streams.writeItems(scope, many(600).reverse())).root).not.toBe(root);
});

test("a change in place has the same root as a full rewrite, and leaves most chunks unchanged", async () => {
  const manifest = await streams.writeItems(scope, many(20_000));
  const at = (place: number) => manifest.chunks.slice(0, place).reduce((sum, { rows }) => sum + rows, 0);
  const [edited, removed, appended] = [at(3) + 5, at(7) + 1, item(20_000)];
  const change = await streams.rewriteItems(scope, manifest, {
    chunks: new Set([3, 7]),
    edit: (each) =>
      each.itemId === `i${edited}` ? item(edited, { split: "test" }) : each.itemId === `i${removed}` ? null : each,
    append: [appended],
  });
  expect(change.counts).toEqual({ added: 1, removed: 1, changed: 1 });
  const expected = [
    ...many(20_000).map((each, place) => (place === edited ? item(edited, { split: "test" }) : each)),
    appended,
  ];
  expected.splice(removed, 1);
  const anew = await streams.writeItems(scope, expected);
  expect(change.manifest.root).toBe(anew.root);
  const before = new Set(manifest.chunks.map(({ object }) => object));
  const keptChunks = change.manifest.chunks.filter(({ object }) => before.has(object)).length;
  expect(keptChunks).toBeGreaterThanOrEqual(manifest.chunks.length - 6);
  const { counts } = await createDiffer(objects)(manifest, change.manifest);
  expect(counts).toEqual({ added: 1, removed: 1, changed: 1 });
});

test("any edits of any items end at the root of the items that come out", async () => {
  const items = many(1_400);
  const manifest = await streams.writeItems(scope, items);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(1_399), { maxLength: 12 }), fc.nat(3), async (places, added) => {
      const removed = new Set(places.map((place) => `i${place}`));
      const append = Array.from({ length: added }, (_, at) => item(9_000 + at));
      const { manifest: after } = await streams.rewriteItems(scope, manifest, {
        edit: (each) => (removed.has(each.itemId) ? null : each),
        ...(append.length > 0 && { append }),
      });
      const rest = items.filter(({ itemId }) => !removed.has(itemId));
      expect(after.root).toBe((await streams.writeItems(scope, [...rest, ...append])).root);
    }),
    { numRuns: 8 },
  );
}, 120_000);

test("an id that comes twice is refused, with its name", async () => {
  await expect(streams.writeItems(scope, [item(1), item(2), item(1)])).rejects.toThrow('Two items have the id "i1"');
});

test("canonical JSON has one way to be written, whatever the order and the names of the keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shuffled: unknown = JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
        isRecord(inner) ? Object.fromEntries(Object.entries(inner).reverse()) : inner,
      );
      expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  const proto: unknown = JSON.parse('{"z":1,"__proto__":{"b":1,"a":2}}');
  expect(canonicalJson(proto)).toBe('{"__proto__":{"a":2,"b":1},"z":1}');
  let deep: unknown = 1;
  for (let level = 0; level < 200; level++) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow("nested more than 64 levels");
});

test("items without ids get theirs from their content, repeats counted, and sources left aside", () => {
  const draft = (text: string, line: number) => ({
    ...item(line),
    itemId: undefined,
    inputs: { text },
    expected: null,
  });
  const encoder = createRowEncoder();
  const ids = ["a", "b", "a", "a"].map((text, line) => encoder.encode(draft(text, line))?.item.itemId ?? "");
  expect(new Set(ids).size).toBe(4);
  expect(ids[2]).toBe(`${ids[0]}-2`);
  expect(ids[3]).toBe(`${ids[0]}-3`);
  const own = { ...draft("c", 9), itemId: ids[1] };
  expect(encoder.encode(own)).toBeNull();
  expect(encodeItem(item(1)).rowHash).toBe(encodeItem(item(1, { source: { kind: "manual" } })).rowHash);
});
