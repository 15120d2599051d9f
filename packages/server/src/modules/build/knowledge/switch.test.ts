import type { KnowledgeSearchResult } from "@treadle/contract";
import { expect, test } from "vitest";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const NAMES = Array.from({ length: 8 }, (_, at) => `doc-${at}.md`);
/** Each document names the round of its text. */
const filesOf = (round: number) =>
  Object.fromEntries(NAMES.map((name, at) => [name, `## Zebras\n\nZebra ${at} in round ${round}.\n`]));
const roundsOf = ({ hits }: KnowledgeSearchResult) => new Set(hits.map(({ text }) => /round (\d+)/.exec(text)?.[1]));

async function makeRound(baseId: string, round: number) {
  await world.upload(baseId, filesOf(round));
  await world.index(baseId);
}

test("searches while versions are built and go live never fail, and each has chunks of one version", async () => {
  const baseId = await world.create();
  await makeRound(baseId, 1);
  let isDone = false;
  const seen = new Map<number, Set<string | undefined>>();
  let count = 0;
  const searchAll = async () => {
    while (!isDone) {
      const result = await world.search(baseId, "zebra in a round", { limit: 50 });
      count++;
      expect(result.hits).toHaveLength(NAMES.length);
      const rounds = roundsOf(result);
      expect(rounds.size).toBe(1);
      seen.set(result.version, new Set([...(seen.get(result.version) ?? []), ...rounds]));
      await new Promise(setImmediate);
    }
  };
  const searches = Promise.all(Array.from({ length: 4 }, searchAll));
  const switchVersions = async () => {
    for (const round of [2, 3]) await makeRound(baseId, round);
    for (const version of [1, 3])
      await world.server.knowledge.setLive(world.scope, { knowledgeBaseId: baseId, version });
  };
  await Promise.all([
    searches,
    switchVersions().finally(() => {
      isDone = true;
    }),
  ]);
  expect(count).toBeGreaterThan(20);
  expect(seen.size).toBeGreaterThan(1);
  for (const rounds of seen.values()) expect(rounds.size).toBe(1);
});

test("many searches that come before the version is in memory share one load", async () => {
  const baseId = await world.create();
  await makeRound(baseId, 1);
  world.server.searchThread.restart();
  let opened = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "thread.open") opened++;
  };
  const searches = Array.from({ length: 40 }, (_, at) =>
    world.search(baseId, "zebra", { limit: 50, principals: [`user:${at}`] }),
  );
  for (const { hits } of await Promise.all(searches)) expect(hits).toHaveLength(NAMES.length);
  expect(opened).toBe(1);
});

test("a search thread that lost its memory loads the version again", async () => {
  const baseId = await world.create();
  await makeRound(baseId, 1);
  await world.search(baseId, "zebra");
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    // After the version is opened, before the search that follows.
    if (name === "thread.allow" && calls++ === 0) world.server.searchThread.restart();
  };
  world.server.searchThread.restart();
  expect((await world.search(baseId, "zebra")).hits).toHaveLength(NAMES.length);
  expect(calls).toBeGreaterThan(1);
});

test("searches while documents are deleted never fail, and do not find them afterwards", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, filesOf(1));
  await world.index(baseId);
  let isDone = false;
  const deleted = new Set<string>();
  const searchAll = async () => {
    while (!isDone) {
      const before = [...deleted];
      const { hits } = await world.search(baseId, "zebra", { limit: 50 });
      for (const name of before) expect(hits.map(({ uri }) => uri)).not.toContain(name);
      await new Promise(setImmediate);
    }
  };
  const searches = Promise.all(Array.from({ length: 4 }, searchAll));
  const deleteAll = async () => {
    for (const name of NAMES.slice(1)) {
      await world.server.knowledge.deleteDocument(world.scope, { knowledgeBaseId: baseId, documentId: idOf(name) });
      deleted.add(name);
    }
    await world.index(baseId);
  };
  await Promise.all([
    searches,
    deleteAll().finally(() => {
      isDone = true;
    }),
  ]);
  expect((await world.search(baseId, "zebra", { version: 1 })).hits.map(({ uri }) => uri)).toEqual(["doc-0.md"]);
  expect(await world.listLinks(baseId)).toHaveLength(1);
});
