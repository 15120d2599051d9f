import { ScorerPatch, ScorerSample, ScorerVersionInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openScorers } from "./testing/open-scorers.ts";

let world: Awaited<ReturnType<typeof openScorers>>;
beforeAll(async () => {
  world = await openScorers();
});
afterAll(() => world.close());

const signal = new AbortController().signal;
const addVersion = (ref: string, input: object) =>
  world.scorers.addVersion(world.scope, ref, ScorerVersionInput.parse(input));
const list = (filter: object = {}) => world.scorers.list(world.scope, { archived: "exclude", limit: 50, ...filter });

test("a scorer has versions that never change, found by id or name, with what its score depends on", async () => {
  const made = await world.store({
    name: "polite",
    kind: "contains",
    params: { phrases: ["please"] },
    message: "first",
  });
  expect(made).toMatchObject({
    scorerId: expect.stringMatching(/^scr_/),
    output: { type: "boolean" },
    createdBy: "Ada",
    latest: { version: 1, message: "first", author: "Ada", promptHash: null },
  });
  expect(made.latest.signature).toBe('contains|isCaseSensitive:false|mode:any|phrases:["please"]');
  const added = await addVersion("polite", { params: { phrases: ["thanks"] }, expectedLatest: 1 });
  expect(added).toMatchObject({
    isNew: true,
    scorer: { latestVersion: 2, latest: { params: { phrases: ["thanks"] } } },
  });
  expect((await addVersion(made.scorerId, { params: { phrases: ["thanks"], mode: "any" } })).isNew).toBe(false);
  const { items } = await world.scorers.listVersions(world.scope, "polite", { limit: 1 });
  expect(items).toMatchObject([{ version: 2 }]);
  const [old, newest] = await world.bind(
    { scorer: "polite", version: 1 },
    { kind: "contains", params: { phrases: ["a"] } },
  );
  const sample = ScorerSample.parse({ output: "Please!" });
  expect(await old?.score(sample, { signal })).toMatchObject({ state: "scored", value: 1, costUsd: 0, tokens: 0 });
  expect([old?.key, old?.version, newest?.key, newest?.scorerId]).toEqual(["polite", 1, "contains", null]);
});

test("what cannot be is refused in words, before anything is written", async () => {
  await world.store({ name: "taken", kind: "exact-match" });
  const refused: [() => Promise<unknown>, string, string][] = [
    [() => world.store({ name: "taken", kind: "contains" }), "conflict", "already"],
    [() => world.store({ name: "new", kind: "nothing" }), "invalid_request", "there is no scorer kind"],
    [() => world.store({ name: "new", kind: "regex" }), "invalid_request", "params.pattern is missing"],
    [
      () => world.store({ name: "new", kind: "regex", params: { pattern: "(" } }),
      "unprocessable",
      "unterminated group",
    ],
    [
      () => world.store({ name: "new", kind: "exact-match", params: { extra: 1 } }),
      "invalid_request",
      'has no field "extra"',
    ],
    [() => addVersion("taken", { params: {}, expectedLatest: 7 }), "conflict", "in the meantime"],
    [() => addVersion("nobody", { params: {} }), "not_found", "nobody"],
    [() => world.bind({ scorer: "taken", version: 9 }), "not_found", "no version 9"],
    [() => world.bind({ kind: "contains" }, { kind: "contains" }), "invalid_request", "appears twice"],
    [() => world.scorers.update(world.scope, "nobody", {}), "not_found", "nobody"],
    [
      () => world.scorers.list(world.scope, { archived: "exclude", limit: 1, cursor: "x" }),
      "invalid_request",
      "cursor",
    ],
  ];
  for (const [work, code, words] of refused)
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  expect((await list({ search: "new" })).items).toEqual([]);
});

test("a scorer is renamed, archived and deleted, and lists follow", async () => {
  const { scorerId } = await world.store({ name: "brief", kind: "length" });
  const patch = ScorerPatch.parse({ name: "briefness", description: "How short", isArchived: true });
  expect(await world.scorers.update(world.scope, scorerId, patch)).toMatchObject({
    name: "briefness",
    isArchived: true,
  });
  expect((await list({ kind: "length" })).items).toEqual([]);
  expect((await list({ search: "SHORT", archived: "only" })).items).toMatchObject([{ scorerId }]);
  await expect(world.scorers.update(world.scope, "briefness", { name: "polite" })).rejects.toMatchObject({
    code: "conflict",
  });
  await world.scorers.delete(world.scope, scorerId);
  await expect(world.scorers.get(world.scope, "briefness")).rejects.toMatchObject({ code: "not_found" });
});

test("a list comes in pages", async () => {
  const first = await list({ limit: 1, archived: "include" });
  const second = await list({ limit: 1, archived: "include", cursor: first.nextCursor ?? "" });
  expect([first.items[0]?.name, second.items[0]?.name]).toEqual(["polite", "taken"]);
});

test("another project's scorer is not there", async () => {
  const stranger = { ...world.scope, projectId: "proj_other" };
  await expect(world.scorers.get(stranger, "polite")).rejects.toMatchObject({ code: "not_found" });
});

test("many samples have the mean of those that are scored; the others are counted, never zero", async () => {
  const [scorer] = await world.bind({ kind: "exact-match" });
  const samples = [{ output: "a", expected: "a" }, { output: "b", expected: "a" }, { output: "a" }];
  const judged = await Promise.all(samples.map((sample) => scorer?.score(ScorerSample.parse(sample), { signal })));
  const all = judged.flatMap((one) => one ?? []);
  expect(scorer?.aggregate(all)).toEqual({ value: 0.5, n: 2, undefinedCount: 1, failedCount: 0, details: null });
  expect(scorer?.aggregate([])).toMatchObject({ value: null, n: 0 });
});

test("every kind describes its parameters as a JSON schema", () => {
  const { items: kinds } = world.scorers.listKinds();
  expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kinds.length);
  for (const { kind, params, summary } of kinds) {
    expect(kind).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(params).toMatchObject({ type: "object", additionalProperties: false });
    expect(summary).toMatch(/\.$/);
  }
});
