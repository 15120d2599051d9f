import { createRandom } from "@treadle/metrics";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const WORDS = "refund card flight hotel parcel invoice lamp chair zebra dolphin bank ticket cat dog river".split(" ");
const MODES = ["hybrid", "words", "meaning"] as const;
const random = createRandom(5);
const pick = <One>(list: readonly One[]): One => {
  const one = list[random.below(list.length)];
  if (one === undefined) throw new Error("The list is empty.");
  return one;
};
const sentence = () => `${Array.from({ length: 8 }, () => pick(WORDS)).join(" ")}.`;
const text = () => Array.from({ length: 3 }, () => `## ${pick(WORDS)}\n\n${sentence()}`).join("\n\n");
const files = (group: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${group}-${at}.md`, text()]));

/** Documents of Ada, of Ben, of everyone and of nobody, in two versions. */
async function makeShared() {
  const baseId = await world.create();
  await world.upload(baseId, files("ada", 8), { principals: ["user:ada"] });
  await world.upload(baseId, files("ben", 8), { principals: ["user:ben", "group:support"] });
  await world.upload(baseId, files("all", 4));
  await world.index(baseId);
  await world.upload(baseId, files("none", 4), { principals: [] });
  await world.index(baseId);
  return baseId;
}
const groupsOf = (hits: readonly { uri: string }[]) => [...new Set(hits.map(({ uri }) => uri.split("-")[0]))].sort();
const change = (
  knowledgeBaseId: string,
  documentId: string,
  patch: { principals?: string[]; metadata?: Record<string, string | number | boolean> },
) => world.server.knowledge.updateDocument(world.scope, { knowledgeBaseId, documentId }, patch);
const everything = { limit: 100, principals: ["user:ada", "user:ben"] };
const query = WORDS.join(" ");

test("1,000 random searches of two users find nothing of the other, in any mode and version", async () => {
  const baseId = await makeShared();
  const mayFind: Readonly<Record<string, readonly string[]>> = {
    "user:ada": ["ada", "all"],
    "user:ben": ["all", "ben"],
    "group:support": ["all", "ben"],
    "user:eve": ["all"],
  };
  const found = new Map<string, Set<string>>();
  for (let at = 0; at < 1_000; at++) {
    const principal = pick(Object.keys(mayFind));
    const searching = { mode: pick(MODES), diversity: pick([0, 0.3]), perDocument: pick([0, 1]) };
    // 0 is the live version.
    const version = pick([0, 1, 2]);
    const order = { principals: [principal], searching, limit: 1 + random.below(40), explain: random.next() < 0.2 };
    const { hits } = await world.search(baseId, sentence(), { ...order, ...(version > 0 && { version }) });
    for (const { uri } of hits) {
      const group = uri.split("-")[0] ?? "";
      if (!mayFind[principal]?.includes(group)) throw new Error(`${principal} found ${uri} by ${searching.mode}.`);
      found.set(principal, (found.get(principal) ?? new Set()).add(group));
    }
  }
  for (const [principal, groups] of Object.entries(mayFind))
    expect([...(found.get(principal) ?? [])].sort()).toEqual(groups);
}, 120_000);

test("a request without principals finds only public documents, and a document without principals is found by nobody", async () => {
  const baseId = await makeShared();
  expect(groupsOf((await world.search(baseId, query, { limit: 100 })).hits)).toEqual(["all"]);
  expect(groupsOf((await world.search(baseId, query, { limit: 100, principals: [] })).hits)).toEqual(["all"]);
  expect(groupsOf((await world.search(baseId, query, everything)).hits)).toEqual(["ada", "all", "ben"]);
});

test("a change of principals takes effect immediately in old versions", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "secret.md": "The zebra plan." }, { principals: ["user:ada"] });
  await world.index(baseId);
  const find = async (principal: string) =>
    (await world.search(baseId, "zebra", { version: 1, principals: [principal] })).hits.length;
  expect([await find("user:ada"), await find("user:ben")]).toEqual([1, 0]);
  await change(baseId, idOf("secret.md"), { principals: ["user:ben"] });
  expect([await find("user:ada"), await find("user:ben")]).toEqual([0, 1]);
  await change(baseId, idOf("secret.md"), { principals: [] });
  expect([await find("user:ada"), await find("user:ben")]).toEqual([0, 0]);
  await change(baseId, idOf("secret.md"), { principals: ["public"] });
  expect(await find("user:eve")).toBe(1);
  expect(await world.server.knowledge.get(world.scope, baseId)).toMatchObject({ latestVersion: 1 });
});

test("an upload with other principals takes effect immediately, without a new version", async () => {
  const baseId = await world.create();
  const file = { "secret.md": "The zebra plan." };
  await world.upload(baseId, file);
  await world.index(baseId);
  await world.upload(baseId, file, { principals: ["user:ada"] });
  expect((await world.search(baseId, "zebra")).hits).toEqual([]);
  expect((await world.search(baseId, "zebra", { principals: ["user:ada"] })).hits).toHaveLength(1);
});

test("a change of principals during a search's load is not lost", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "secret.md": "The zebra plan." });
  await world.index(baseId);
  let calls = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "thread.allow" && calls++ === 0) await change(baseId, idOf("secret.md"), { principals: [] });
  };
  await world.search(baseId, "zebra");
  expect(calls).toBe(1);
  expect((await world.search(baseId, "zebra")).hits).toEqual([]);
});

test("filters by metadata, document and source narrow a search", async () => {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, { "a.md": "A zebra.", "b.md": "A zebra too.", "c.md": "A third zebra." });
  await change(baseId, idOf("a.md"), { metadata: { team: "north", year: "2026" } });
  await change(baseId, idOf("b.md"), { metadata: { team: "north" } });
  await world.index(baseId);
  const find = async (filter: object) =>
    (await world.search(baseId, "zebra", filter)).hits.map(({ uri }) => uri).sort();
  expect(await find({ metadata: { team: "north" } })).toEqual(["a.md", "b.md"]);
  expect(await find({ metadata: { team: "north", year: "2026" } })).toEqual(["a.md"]);
  expect(await find({ metadata: { team: "south" } })).toEqual([]);
  expect(await find({ metadata: { toString: "north" } })).toEqual([]);
  expect(await find({ documents: [idOf("c.md"), "kdoc_unknown"] })).toEqual(["c.md"]);
  expect(await find({ documents: [] })).toEqual([]);
  const { items } = await world.server.knowledge.listDocuments(world.scope, baseId, { limit: 1 });
  expect(await find({ sources: [items[0]?.sourceId ?? ""] })).toHaveLength(3);
  expect(await find({ sources: ["ksrc_other"] })).toEqual([]);
});

test("a filter acts before the best chunks are taken, so that a search is full", async () => {
  const baseId = await world.create();
  const names = Array.from({ length: 30 }, (_, at) => `${at}.md`);
  const idOf = await world.upload(baseId, Object.fromEntries(names.map((name) => [name, `The zebra ${name}.`])));
  for (const [at, name] of names.entries())
    await change(baseId, idOf(name), {
      metadata: { year: 2000 + at, team: at % 2 ? "north" : "south", isOld: at < 3 },
    });
  await world.index(baseId);
  const find = async (filter: object, limit = 5) =>
    (await world.search(baseId, "zebra", { filter, limit, searching: { candidates: 10 } })).hits.map(({ uri }) => uri);
  const late = { type: "gte", key: "year", value: 2024 };
  expect(await find(late)).toHaveLength(5);
  expect((await find(late, 10)).sort()).toEqual(["24.md", "25.md", "26.md", "27.md", "28.md", "29.md"]);
  const north = { type: "eq", key: "team", value: "north" };
  expect((await find({ type: "and", filters: [late, north] })).sort()).toEqual(["25.md", "27.md", "29.md"]);
  expect((await find({ type: "eq", key: "isOld", value: true })).sort()).toEqual(["0.md", "1.md", "2.md"]);
  expect(await find({ type: "in", key: "year", value: [2001, "2002"] })).toEqual(["1.md"]);
  expect(await find({ type: "eq", key: "year", value: "2001" })).toEqual([]);
});

test("a quarantined document is found in no version and by no user", async () => {
  const baseId = await makeShared();
  const { items } = await world.server.knowledge.listDocuments(world.scope, baseId, { limit: 100, search: "ada-0" });
  const uris = async (version?: number) =>
    (await world.search(baseId, query, { ...everything, ...(version && { version }) })).hits.map(({ uri }) => uri);
  expect(await uris()).toContain("ada-0.md");
  await world.db.execute(
    sql`UPDATE knowledge_documents SET state = 'quarantined', quarantined_at = now() WHERE id = ${items[0]?.documentId}`,
  );
  await world.db.execute(sql`UPDATE knowledge_bases SET access_revision = access_revision + 1 WHERE id = ${baseId}`);
  for (const version of [undefined, 1, 2]) expect(await uris(version)).not.toContain("ada-0.md");
  await world.server.knowledge.build(world.scope, baseId);
  await world.index(baseId);
  expect(await uris()).not.toContain("ada-0.md");
});
