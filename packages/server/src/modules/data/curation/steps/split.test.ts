import type { Item } from "@treadle/contract";
import { expect, test } from "vitest";
import { asking, runStep, textOfWords } from "../testing/step-context.ts";
import { split } from "./split.ts";

const some = (count: number, more: (seed: number) => Partial<Item> = () => ({})) =>
  Array.from({ length: count }, (_, seed) => asking(`it_${seed}`, textOfWords(seed, 12), more(seed)));
/** The items as they are after the split. */
const after = async (items: readonly Item[], params: object = {}) =>
  (await runStep(split, { items }, params)).map(({ item, edited }) => edited ?? item);
const splitsOf = (items: readonly Item[]) => items.map((item) => item.split);
const count = (items: readonly Item[], name: string) => items.filter((item) => item.split === name).length;

test("shares are within three standard deviations of the draw", async () => {
  const items = await after(some(5_000), { near: false });
  for (const [name, share] of [
    ["train", 0.8],
    ["validation", 0.1],
    ["test", 0.1],
  ] as const)
    expect(Math.abs(count(items, name) - 5_000 * share)).toBeLessThan(3 * Math.sqrt(5_000 * share * (1 - share)));
});

test("more items change nothing of those that were there, also when nothing is remembered", async () => {
  const first = await after(some(400), { keepAssigned: false });
  const second = await after(some(900), { keepAssigned: false });
  expect(splitsOf(second).slice(0, 400)).toEqual(splitsOf(first));
});

test("another salt gives another draw", async () => {
  const items = some(200);
  expect(splitsOf(await after(items, { salt: "other" }))).not.toEqual(splitsOf(await after(items)));
});

test("near-duplicates are in one split", async () => {
  const items = Array.from({ length: 120 }, (_, index) =>
    asking(
      `it_${index}`,
      textOfWords(index % 40, 60)
        .split(" ")
        .with(57 + Math.floor(index / 40), "other")
        .join(" "),
    ),
  );
  const splits = splitsOf(await after(items));
  for (let index = 0; index < 80; index++) expect(splits[index]).toBe(splits[index + 40]);
  expect(new Set(splits).size).toBeGreaterThan(1);
});

test("items of one user are in one split, and items without a user each in their own", async () => {
  const items = await after(
    some(600, (seed) => ({ metadata: seed % 3 === 0 ? {} : { user: `u${seed % 50}` } })),
    {
      near: false,
      groupBy: ["metadata.user"],
    },
  );
  const users = Map.groupBy(items, ({ metadata }) => metadata.user ?? null);
  for (const [user, own] of users) expect(new Set(splitsOf(own)).size).toBe(user === null ? 3 : 1);
});

test("items stay in the split they are in, and those that belong to them follow", async () => {
  const items = [
    asking("a", textOfWords(1, 40), { split: "holdout" }),
    asking("b", textOfWords(1, 40).split(" ").with(38, "other1x38").join(" ")),
    ...some(50, () => ({ split: "test" })),
  ];
  const done = await after(items);
  expect(splitsOf(done).slice(0, 2)).toEqual(["holdout", "holdout"]);
  expect(count(done, "test")).toBe(50);
  expect(count(await after(items, { keepAssigned: false }), "test")).toBeLessThan(50);
});

test("stratified, every class has the shares to the item", async () => {
  const items = await after(
    some(1_000, (seed) => ({ expected: seed % 20 === 0 ? "rare" : "often" })),
    {
      near: false,
      method: "stratified",
      field: "expected",
    },
  );
  for (const [label, total] of [
    ["rare", 50],
    ["often", 950],
  ] as const) {
    const own = items.filter(({ expected }) => expected === label);
    expect([count(own, "train"), count(own, "validation"), count(own, "test")]).toEqual([
      total * 0.8,
      total * 0.1,
      total * 0.1,
    ]);
  }
});

test("by time the newest items are tested on, and a group counts with its newest item", async () => {
  const day = (seed: number) => `2026-01-${String(1 + seed).padStart(2, "0")}T00:00:00Z`;
  const items = some(20, (seed) => ({
    metadata: { at: day(seed), user: seed === 0 || seed === 19 ? "same" : `u${seed}` },
  }));
  const params = { near: false, groupBy: ["metadata.user"], method: "time", field: "metadata.at" };
  const done = splitsOf(await after(items, params));
  expect(done).toEqual(["test", ...Array(16).fill("train"), "validation", "validation", "test"]);
  const cuts = splitsOf(await after(items, { ...params, groupBy: [], cuts: [day(10), day(15)] }));
  expect(cuts).toEqual([...Array(10).fill("train"), ...Array(5).fill("validation"), ...Array(5).fill("test")]);
});

test("an item without a time is named", async () => {
  const items = [asking("a", "x", { metadata: { at: 1_700_000_000 } }), asking("b", "y", { metadata: { at: "soon" } })];
  await expect(after(items, { near: false, method: "time", field: "metadata.at" })).rejects.toMatchObject({
    code: "unprocessable",
    details: { itemId: "b", field: "metadata.at" },
  });
});

test.each([
  [{ splits: [{ split: "train", share: 0.5 }] }, "add up to 1"],
  [
    {
      splits: [
        { split: "a", share: 0.5 },
        { split: "a", share: 0.5 },
      ],
    },
    "appear only once",
  ],
  [{ method: "time" }, "set the field"],
  [{ cuts: ["2026-01-01T00:00:00Z"] }, "one cut fewer"],
  [{ cuts: ["2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"] }, "ascending"],
  [{ groupBy: ["user"] }, "name a place in the item"],
])("parameters that cannot be are refused: %j", (params, message) => {
  expect(() => split.params.parse(params)).toThrow(message);
});
