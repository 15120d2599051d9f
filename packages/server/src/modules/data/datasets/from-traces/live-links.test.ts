import { DatasetSchema, type Item, LiveLinkInput, type Span } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler } from "../../../../platform/jobs/port.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import { createBranchStore } from "../stores/branch-store.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createLiveLinks, type LiveLinks } from "./live-links.ts";

const scope: Scope = { projectId: "prj_a", actor: "user_a", userId: "user_a", permissions: new Set() };
const BEGUN = 1_000;

let store: PostgresStore;
let links: LiveLinks;
let handler: JobHandler<object, null>;
/** The received spans, in order. The position is the time. */
let received: { readonly at: number; readonly span: Span }[];
const drafts = new Map<string, Item[]>();
const sent: unknown[] = [];

beforeAll(async () => {
  store = await openTestPostgres();
  await store.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES ('prj_a', 'A', now())`);
  for (const id of ["ds_a", "ds_b", "ds_full", "ds_half", "ds_same"]) await makeDataset(id);
  links = createLiveLinks({
    db: store.db,
    places: { branchOf: async () => ({}) } as never,
    clock: { now: () => BEGUN, elapsed: () => BEGUN },
    audit: { record: async () => undefined },
    namesOf: async () => new Map([["user_a", "Ada"]]),
    jobs: {
      register: (_kind, given) => {
        handler = given as unknown as JobHandler<object, null>;
      },
      send: async (_tx, _scope, order) => {
        sent.push(order);
        return "job_a";
      },
    },
    traces: {
      async listReceived(_projectId, { after, filter, limit }) {
        const matching = received.filter(({ at, span }) => at > after.receivedMs && span.name === filter.slice(5));
        const spans = matching.slice(0, limit).map(({ span }) => span);
        const last = matching[spans.length - 1];
        return { spans, end: last ? { receivedMs: last.at, traceId: "", spanId: "" } : null } as never;
      },
      picked: {
        async *read(_projectId: string, keys: readonly { spanId: string }[]) {
          for (const { spanId } of keys)
            for (const { span } of received) if (span.spanId === spanId) yield { span, scores: [] };
        },
      } as never,
    },
    edits: {
      addItems: async (_scope, { datasetId }, { items }) => {
        if (datasetId === "ds_full") throw new Error("the draft takes no more");
        drafts.set(datasetId, [...(drafts.get(datasetId) ?? []), ...items]);
        return {} as never;
      },
    },
  });
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.db.execute(sql`DELETE FROM dataset_live_links`);
  drafts.clear();
  received = [];
});

async function makeDataset(id: string) {
  const by = { createdBy: "user_a", createdAt: new Date(BEGUN), updatedAt: new Date(BEGUN) };
  const facts = { name: id, description: "", isEvaluation: false, secret: "s", schema: DatasetSchema.parse({}) };
  await createDatasetStore(store.db).create({ id, projectId: scope.projectId, ...facts, ...by });
  const main = { name: "main", head: null, base: null, revision: 0, applied: 0 };
  await createBranchStore(store.db).create({ projectId: scope.projectId, datasetId: id, ...main, ...by });
}
/** Spans arrive, one a millisecond. */
function arrive(count: number, name = "answer") {
  for (let added = 0; added < count; added++) {
    const at = BEGUN + received.length + 1;
    const input = [{ role: "user", parts: [{ type: "text", content: `Question ${at}?` }] }];
    received.push({ at, span: makeSpan({ name, input }) });
  }
}
const run = () =>
  handler.run({
    scope,
    payload: {},
    state: null,
    jobId: "job_a",
    signal: new AbortController().signal,
    report: () => undefined,
    save: async () => undefined,
  });
const link = (datasetId: string, more: object = {}) =>
  links.create(scope, datasetId, LiveLinkInput.parse({ filter: "name:answer", ...more }));
const countOf = (datasetId: string) => drafts.get(datasetId)?.length ?? 0;

test("a link adds spans that arrive after its creation, each once, and reports their number", async () => {
  await link("ds_a");
  expect(sent.at(-1)).toMatchObject({ key: "live-links", everySeconds: 20 });
  arrive(450);
  arrive(5, "other");
  await run();
  await run();
  expect(countOf("ds_a")).toBe(450);
  expect((await links.list(scope, "ds_a")).items).toMatchObject([
    { itemsAdded: 450, isEnabled: true, lastError: "", createdBy: "Ada" },
  ]);
});

test("a paused link adds nothing, and after a resume it adds the spans of the pause", async () => {
  const { liveLinkId } = await link("ds_a");
  await link("ds_b");
  arrive(3);
  await run();
  expect(await links.update(scope, liveLinkId, { isEnabled: false })).toMatchObject({
    isEnabled: false,
    itemsAdded: 3,
  });
  arrive(4);
  await run();
  expect([countOf("ds_a"), countOf("ds_b")]).toEqual([3, 7]);
  await links.update(scope, liveLinkId, { isEnabled: true });
  arrive(1);
  await run();
  expect([countOf("ds_a"), countOf("ds_b")]).toEqual([8, 8]);
  expect(new Set(drafts.get("ds_a")?.map(({ itemId }) => itemId)).size).toBe(8);
});

test("a link that was made paused begins at the moment it was made", async () => {
  const { liveLinkId } = await link("ds_a", { isEnabled: false });
  arrive(2);
  await run();
  expect(countOf("ds_a")).toBe(0);
  await links.update(scope, liveLinkId, { isEnabled: true });
  await run();
  expect(countOf("ds_a")).toBe(2);
});

test("a failed link reports the reason, retains its position and does not block others", async () => {
  const { liveLinkId } = await link("ds_full");
  await link("ds_b");
  arrive(2);
  await run();
  expect(countOf("ds_b")).toBe(2);
  expect((await links.list(scope, "ds_full")).items).toMatchObject([
    { liveLinkId, itemsAdded: 0, lastError: "the draft takes no more" },
  ]);
});

test("a share takes the same traces each time, about as many as it says", async () => {
  await link("ds_half", { share: 0.5 });
  await link("ds_same", { share: 0.5 });
  arrive(400);
  await run();
  expect(countOf("ds_half")).toBeGreaterThan(140);
  expect(countOf("ds_half")).toBeLessThan(260);
  const idsOf = (datasetId: string) => drafts.get(datasetId)?.map(({ itemId }) => itemId);
  expect(idsOf("ds_half")).toEqual(idsOf("ds_same"));
});

test("a link that is gone can be neither paused nor deleted", async () => {
  const { liveLinkId } = await link("ds_a");
  await links.delete(scope, "ds_a", liveLinkId);
  arrive(1);
  await run();
  expect(countOf("ds_a")).toBe(0);
  await expect(links.update(scope, liveLinkId, { isEnabled: false })).rejects.toMatchObject({ code: "not_found" });
  await expect(links.delete(scope, "ds_a", liveLinkId)).rejects.toMatchObject({ code: "not_found" });
});
