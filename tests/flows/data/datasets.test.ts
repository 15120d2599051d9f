import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError, type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle, signInAsOwner } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let client: Client;

beforeAll(async () => {
  treadle = await openSharedTreadle();
  client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
});
afterAll(() => treadle?.stop());

const TOPICS = ["refund", "card", "parcel"] as const;
const item = (at: number) => ({
  itemId: `q${String(at).padStart(5, "0")}`,
  inputs: {
    question: `How long does question number ${at} about a ${TOPICS[at % 3]} take?`,
    topic: TOPICS[at % 3],
    turns: at % 10,
  },
  expected: at % 2 === 0 ? "yes" : "no",
  metadata: { score: at / 1_000, tags: at % 5 === 0 ? ["five", "odd"] : [] },
  split: at % 4 === 0 ? "test" : "train",
});
type NewItem = { itemId: string; inputs: Record<string, unknown>; expected: unknown };

async function make(name: string, count: number): Promise<string> {
  const { datasetId } = await client.call("POST /api/v1/datasets", { body: { name } });
  if (count > 0)
    await add(
      datasetId,
      Array.from({ length: count }, (_, at) => item(at)),
    );
  return datasetId;
}
async function add(datasetId: string, items: readonly Partial<NewItem>[], branch = "main") {
  for (let from = 0; from < items.length; from += 1_000)
    await client.call("POST /api/v1/datasets/:datasetId/items", {
      params: { datasetId },
      body: { branch, items: items.slice(from, from + 1_000).map((each) => ({ inputs: {}, ...each })) },
    });
}
const draftOf = (datasetId: string, branch = "main") =>
  client.call("GET /api/v1/datasets/:datasetId/draft", { params: { datasetId }, query: { branch } });
const commit = (datasetId: string, message: string, branch = "main") =>
  client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { branch, message } });
const list = (datasetId: string, query: Record<string, string>) =>
  client.call("GET /api/v1/datasets/:datasetId/items", { params: { datasetId }, query });
const change = (
  datasetId: string,
  body: Parameters<typeof client.call<"POST /api/v1/datasets/:datasetId/changes">>[1]["body"],
) => client.call("POST /api/v1/datasets/:datasetId/changes", { params: { datasetId }, body });
/** Another user of the project. They sign in once, because a link works once. */
let other: Promise<Client> | undefined;
const otherPerson = () => (other ??= signInAsOwner(treadle).then((clientOf) => clientOf(treadle.projects.own)));
type Approval = { datasetId: string; branch: string; version: number; override?: boolean };
const approve = (caller: Client, { version, override = false, ...params }: Approval) =>
  caller.call("POST /api/v1/datasets/:datasetId/branches/:branch/reviews", {
    params,
    body: { verdict: "approve", version, override },
  });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "nothing was wrong",
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );

test("items become a version whose root tells its content, and nothing else does", async () => {
  const [first, second] = [await make("first", 3_000), await make("second", 3_000)];
  const version = await commit(first, "As they came");
  expect(version).toMatchObject({ version: 1, parent: null, branch: "main", message: "As they came" });
  expect(version.stats).toMatchObject({
    rows: 3_000,
    splits: [
      { split: "train", rows: 2_250 },
      { split: "test", rows: 750 },
    ],
    labels: [
      { label: "no", rows: 1_500 },
      { label: "yes", rows: 1_500 },
    ],
  });
  expect(version.stats.fields).toContainEqual({ field: "inputs.turns", type: "number", rows: 3_000 });
  expect((await commit(second, "The same")).root).toBe(version.root);
  await change(second, { select: { itemIds: ["q00007"] }, change: { kind: "set-split", split: "other" } });
  expect((await commit(second, "One differs")).root).not.toBe(version.root);
  expect(await codeOf(commit(second, "Again"))).toBe("unprocessable");
});

test("a page shows items in their order, and from a place, without those that are not wanted", async () => {
  const datasetId = await make("pages", 1_500);
  const first = await list(datasetId, { at: "draft", limit: "50" });
  expect(first).toMatchObject({ total: 1_500, rows: 1_500, searchedRows: 1_500 });
  expect(first.items.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, at) => at));
  const second = await list(datasetId, { at: "draft", limit: "50", cursor: first.nextCursor ?? "" });
  expect(second.items[0]).toMatchObject({ itemId: "q00050", source: { kind: "manual" }, split: "train" });
  const last = await list(datasetId, { at: "draft", from: "1490", limit: "50" });
  expect(last.items).toHaveLength(10);
  expect(last.nextCursor).toBeNull();
  const few = await list(datasetId, { at: "draft", limit: "1", columns: "inputs.topic", maxChars: "20" });
  expect(few.items[0]).toMatchObject({ inputs: { topic: "refund" }, metadata: {}, expected: null });
  expect((await list(datasetId, { at: "main" })).items).toEqual([]);
  expect(await codeOf(list(datasetId, { at: "7" }))).toBe("not_found");
  expect(await codeOf(list(datasetId, { at: "draft", cursor: "nonsense" }))).toBe("invalid_request");
});

test("filters ask for fields, lists, numbers, words and what is there, and sort by any field", async () => {
  const datasetId = await make("filters", 1_200);
  await commit(datasetId, "All");
  const totalOf = async (filter: string) => (await list(datasetId, { filter, limit: "1" })).total;
  expect(await totalOf("split:test")).toBe(300);
  expect(await totalOf("-split:test")).toBe(900);
  expect(await totalOf("inputs.topic:refund,card")).toBe(800);
  expect(await totalOf("inputs.topic:re*")).toBe(400);
  expect(await totalOf("metadata.score>=1.1 metadata.score<1.15")).toBe(50);
  expect(await totalOf("inputs.turns:3..4")).toBe(240);
  expect(await totalOf("expected:yes")).toBe(600);
  expect(await totalOf("metadata.tags:five")).toBe(240);
  expect(await totalOf('"NUMBER 77 about"')).toBe(1);
  expect(await totalOf("split:test OR expected:no")).toBe(900);
  expect(await totalOf("has:metadata.score -has:inputs.nothing source:manual")).toBe(1_200);
  expect(await totalOf("id:q00012")).toBe(1);
  const sorted = await list(datasetId, { filter: "split:test", sort: "-metadata.score", limit: "3" });
  expect(sorted.items.map(({ itemId }) => itemId)).toEqual(["q01196", "q01192", "q01188"]);
  const next = await list(datasetId, {
    filter: "split:test",
    sort: "-metadata.score",
    limit: "3",
    cursor: sorted.nextCursor ?? "",
  });
  expect(next.items[0]?.itemId).toBe("q01184");
  expect(await codeOf(list(datasetId, { filter: "nothing:x" }))).toBe("invalid_request");
  expect(await codeOf(list(datasetId, { sort: "nothing" }))).toBe("invalid_request");
  const spread = await client.call("GET /api/v1/datasets/:datasetId/distribution", {
    params: { datasetId },
    query: { field: "inputs.turns" },
  });
  expect(spread).toMatchObject({ rows: 1_200, missing: 0, distinct: 10, unit: "value" });
  expect(spread.bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(1_200);
});

test("each change is a step that can be undone and redone, and an older revision is refused", async () => {
  const datasetId = await make("steps", 600);
  await commit(datasetId, "All");
  const before = await list(datasetId, { at: "draft", limit: "1" });
  const { draft } = await client.call("PUT /api/v1/datasets/:datasetId/items/:itemId", {
    params: { datasetId, itemId: "q00000" },
    body: { item: { inputs: { question: "Changed?" } }, rowHash: before.items[0]?.rowHash },
  });
  expect(draft).toMatchObject({ applied: 1, isDirty: true, steps: [{ kind: "edit", counts: { changed: 1 } }] });
  const stale = client.call("PUT /api/v1/datasets/:datasetId/items/:itemId", {
    params: { datasetId, itemId: "q00000" },
    body: { item: { inputs: {} }, rowHash: before.items[0]?.rowHash },
  });
  expect(await codeOf(stale)).toBe("conflict");
  const deletion = await change(datasetId, { select: { filter: "split:test" }, change: { kind: "delete" } });
  expect(deletion).toMatchObject({ counts: { removed: 149 }, draft: { rows: 451, applied: 2 } });
  const older = change(datasetId, {
    revision: draft.revision,
    select: { filter: "" },
    change: { kind: "set-split", split: "x" },
  });
  expect(await codeOf(older)).toBe("conflict");
  const undo = await client.call("POST /api/v1/datasets/:datasetId/draft/undo", { params: { datasetId }, body: {} });
  expect(undo).toMatchObject({ rows: 600, applied: 1 });
  const redo = await client.call("POST /api/v1/datasets/:datasetId/draft/redo", { params: { datasetId }, body: {} });
  expect(redo).toMatchObject({ rows: 451, applied: 2 });
  await client.call("POST /api/v1/datasets/:datasetId/draft/discard", { params: { datasetId }, body: {} });
  expect(await draftOf(datasetId)).toMatchObject({ rows: 600, applied: 0, steps: [], isDirty: false });
});

test("a field is set and removed in every item that matches a filter", async () => {
  const datasetId = await make("bulk", 400);
  await change(datasetId, {
    select: { filter: "inputs.topic:card" },
    change: { kind: "set-field", field: "metadata.review.by", value: "ada" },
  });
  const set = await list(datasetId, { at: "draft", filter: "metadata.review.by:ada", limit: "1" });
  expect(set.total).toBe(133);
  expect(set.items[0]?.metadata).toMatchObject({ review: { by: "ada" } });
  await change(datasetId, { select: { filter: "" }, change: { kind: "remove-field", field: "inputs.turns" } });
  expect((await list(datasetId, { at: "draft", filter: "has:inputs.turns", limit: "1" })).total).toBe(0);
  const none = await change(datasetId, { select: { filter: "split:nowhere" }, change: { kind: "delete" } });
  expect(none).toMatchObject({ counts: { removed: 0 }, draft: { applied: 2 + 1 } });
});

test("versions are compared item by item, tagged, and restored", async () => {
  const datasetId = await make("history", 900);
  await commit(datasetId, "All");
  await change(datasetId, { select: { itemIds: ["q00005", "q00800"] }, change: { kind: "delete" } });
  await change(datasetId, {
    select: { itemIds: ["q00100"] },
    change: { kind: "set-field", field: "expected", value: "maybe" },
  });
  await add(datasetId, [{ itemId: "new", inputs: { question: "New?" } }]);
  await commit(datasetId, "Changed");
  const diff = await client.call("GET /api/v1/datasets/:datasetId/diff", {
    params: { datasetId },
    query: { from: "1", to: "2" },
  });
  expect(diff.counts).toEqual({ added: 1, removed: 2, changed: 1 });
  const changed = diff.items.find(({ kind }) => kind === "changed");
  expect(changed).toMatchObject({ itemId: "q00100", fields: [{ field: "expected", before: "yes", after: "maybe" }] });
  const removed = await client.call("GET /api/v1/datasets/:datasetId/diff", {
    params: { datasetId },
    query: { from: "1", to: "2", kind: "removed", limit: 1 },
  });
  expect(removed.items.map(({ itemId }) => itemId)).toEqual(["q00005"]);
  expect(removed.nextCursor).not.toBeNull();
  await client.call("PUT /api/v1/datasets/:datasetId/tags/:tag", {
    params: { datasetId, tag: "good" },
    body: { version: 1 },
  });
  const tagged = await client.call("GET /api/v1/datasets/:datasetId/versions/:version", {
    params: { datasetId, version: "good" },
  });
  expect(tagged).toMatchObject({ version: 1, tags: ["good"] });
  const history = await client.call("GET /api/v1/datasets/:datasetId/items/:itemId/history", {
    params: { datasetId, itemId: "q00100" },
  });
  expect(history.items.map(({ version, kind }) => [version, kind])).toEqual([
    [2, "changed"],
    [1, "added"],
  ]);
  await client.call("POST /api/v1/datasets/:datasetId/versions/:version/restore", {
    params: { datasetId, version: "good" },
    body: {},
  });
  const restored = await commit(datasetId, "Back to the good one");
  expect(restored).toMatchObject({ version: 3, root: tagged.root, parent: 2, stats: { rows: 900 } });
});

test("a branch is merged after a review, item by item, and both sides' changes of one item are a conflict", async () => {
  const datasetId = await make("branches", 700);
  await commit(datasetId, "All");
  await client.call("POST /api/v1/datasets/:datasetId/branches", { params: { datasetId }, body: { name: "fixes" } });
  const onFixes = { params: { datasetId, branch: "fixes" } };
  await change(datasetId, {
    branch: "fixes",
    select: { itemIds: ["q00001", "q00002"] },
    change: { kind: "set-field", field: "expected", value: "theirs" },
  });
  await change(datasetId, { branch: "fixes", select: { itemIds: ["q00600"] }, change: { kind: "delete" } });
  await add(datasetId, [{ itemId: "from-branch", inputs: { question: "From the branch?" } }], "fixes");
  const { version: number } = await commit(datasetId, "Fixed", "fixes");
  await change(datasetId, {
    select: { itemIds: ["q00002", "q00003"] },
    change: { kind: "set-field", field: "expected", value: "ours" },
  });
  await commit(datasetId, "Meanwhile on main");
  const preview = await client.call("GET /api/v1/datasets/:datasetId/branches/:branch/merge", onFixes);
  expect(preview).toMatchObject({
    base: 1,
    counts: { added: 1, removed: 1, changed: 1 },
    conflictCount: 1,
    isApproved: false,
  });
  expect(preview.conflicts[0]).toMatchObject({
    itemId: "q00002",
    base: { expected: "yes" },
    ours: { expected: "ours" },
    theirs: { expected: "theirs" },
  });
  const merge = (body: { resolutions?: Record<string, "ours" | "theirs"> }) =>
    client.call("POST /api/v1/datasets/:datasetId/branches/:branch/merge", {
      ...onFixes,
      body: { message: "Merge", ...body },
    });
  expect(await codeOf(merge({}))).toBe("unprocessable");
  const review = client.call("POST /api/v1/datasets/:datasetId/branches/:branch/reviews", {
    ...onFixes,
    body: { verdict: "approve", version: 1 },
  });
  expect(await codeOf(review)).toBe("conflict");
  await approve(await otherPerson(), { ...onFixes.params, version: number });
  expect(await codeOf(merge({}))).toBe("conflict");
  const merged = await merge({ resolutions: { q00002: "theirs" } });
  expect(merged).toMatchObject({ branch: "main", mergedFrom: number, stats: { rows: 700 } });
  const get = (itemId: string) =>
    client.call("GET /api/v1/datasets/:datasetId/items/:itemId", { params: { datasetId, itemId } });
  expect((await get("q00001")).expected).toBe("theirs");
  expect((await get("q00002")).expected).toBe("theirs");
  expect((await get("q00003")).expected).toBe("ours");
  expect(await codeOf(get("q00600"))).toBe("not_found");
  expect((await get("from-branch")).inputs).toEqual({ question: "From the branch?" });
});

test("an author cannot approve a branch, also not with a key, unless an owner overrides it on record", async () => {
  const datasetId = await make("own-approval", 3);
  await commit(datasetId, "All");
  await client.call("POST /api/v1/datasets/:datasetId/branches", { params: { datasetId }, body: { name: "mine" } });
  await add(datasetId, [{ itemId: "mine", inputs: { question: "Mine?" } }], "mine");
  const { version } = await commit(datasetId, "Mine", "mine");
  const on = { datasetId, branch: "mine", version };
  const mayApprove = async (caller: Client) =>
    (await caller.call("GET /api/v1/datasets/:datasetId/branches/:branch/merge", { params: on })).mayApprove;
  const reviewer = await otherPerson();
  expect(await mayApprove(reviewer)).toBe(true);
  const body = { name: "second key of the author", permissions: ["datasets:read" as const, "datasets:write" as const] };
  const { key } = await client.call("POST /api/v1/api-keys", { body });
  const second = createClient({ baseUrl: treadle.url, apiKey: key });
  for (const author of [client, second]) {
    expect(await mayApprove(author)).toBe(false);
    expect(await codeOf(approve(author, on))).toBe("forbidden");
  }
  expect(await codeOf(approve(second, { ...on, override: true }))).toBe("forbidden");
  await approve(client, { ...on, override: true });
  const { items } = await client.call("GET /api/v1/audit-entries", { query: {} });
  expect(items[0]).toMatchObject({ action: "dataset.review", target: datasetId, details: { override: true } });
  const merging = { params: on, body: { message: "Merge" } };
  const merged = await client.call("POST /api/v1/datasets/:datasetId/branches/:branch/merge", merging);
  expect(merged.mergedFrom).toBe(version);
});

test("a schema is kept: what breaks it is neither added nor committed, nor is a schema taken that items break", async () => {
  const datasetId = await make("schema", 50);
  await commit(datasetId, "All");
  const update = (inputs: Record<string, unknown>) =>
    client.call("PATCH /api/v1/datasets/:datasetId", { params: { datasetId }, body: { schema: { inputs } } });
  expect(await codeOf(update({ type: "object", properties: { turns: { type: "string" } } }))).toBe("unprocessable");
  expect(
    await codeOf(update({ type: "object", properties: { question: { type: "string", pattern: "(?<=a)b" } } })),
  ).toBe("invalid_request");
  await update({
    type: "object",
    required: ["question"],
    properties: { question: { type: "string", maxLength: 100 } },
  });
  expect(await codeOf(add(datasetId, [{ inputs: { topic: "card", turns: 1 } }]))).toBe("unprocessable");
  const edit = change(datasetId, {
    select: { itemIds: ["q00001"] },
    change: { kind: "remove-field", field: "inputs.question" },
  });
  expect(await codeOf(edit)).toBe("unprocessable");
  expect((await draftOf(datasetId)).isDirty).toBe(false);
});

test("spans become items, by a filter and by themselves when they come", async () => {
  const hex = (at: number, digits: number) => (at + 1).toString(16).padStart(digits, "0");
  const span = (at: number, name = "answer") => ({
    traceId: hex(at, 32),
    spanId: hex(at, 16),
    name,
    kind: "generation" as const,
    startTime: new Date().toISOString(),
    durationMs: 10,
    requestModel: at % 4 === 0 ? "rare" : "common",
    input: [{ role: "user", parts: [{ type: "text", content: `Question ${at}?` }] }],
    output: [{ role: "assistant", parts: [{ type: "text", content: `Answer ${at}.` }] }],
    metadata: { tenant: "acme" },
  });
  const send = (spans: ReturnType<typeof span>[]) => client.call("POST /api/v1/spans", { body: { spans } });
  await send(Array.from({ length: 40 }, (_, at) => span(at)));
  const datasetId = await make("from traces", 0);
  const mapping = { metadata: { tenant: "metadata.tenant" } };
  const preview = async () =>
    client.call("POST /api/v1/datasets/:datasetId/trace-items/preview", {
      params: { datasetId },
      body: { select: { filter: "name:answer" }, mapping },
    });
  for (let tries = 0; tries < 100 && (await preview()).matching < 40; tries++) await delay(100);
  expect(await preview()).toMatchObject({ matching: 40, skipped: 0 });
  const sampling = { kind: "stratified" as const, by: "model", size: 12 };
  const { draft } = await client.call("POST /api/v1/datasets/:datasetId/trace-items", {
    params: { datasetId },
    body: { select: { filter: "name:answer" }, mapping, sampling },
  });
  expect(draft.rows).toBe(12);
  const { items } = await list(datasetId, { at: "draft" });
  expect(items.filter(({ source }) => source.model === "rare")).toHaveLength(6);
  expect(items[0]).toMatchObject({
    inputs: { messages: [{ role: "user", content: expect.stringMatching(/^Question \d+\?$/) }] },
    expected: { role: "assistant", content: expect.stringMatching(/^Answer \d+\.$/) },
    metadata: { tenant: "acme" },
    source: { kind: "trace" },
  });
  await client.call("POST /api/v1/datasets/:datasetId/live-links", {
    params: { datasetId },
    body: { filter: "name:live" },
  });
  await send([span(100, "live"), span(101, "other")]);
  const isThere = async () => (await draftOf(datasetId)).rows === 13;
  for (let tries = 0; tries < 600 && !(await isThere()); tries++) await delay(100);
  expect(await draftOf(datasetId)).toMatchObject({
    rows: 13,
    steps: [{ kind: "traces" }, { kind: "traces", counts: { added: 1 } }],
  });
}, 90_000);

test("names are unique, and what is deleted is gone", async () => {
  const datasetId = await make("only once", 10);
  expect(await codeOf(make("only once", 0))).toBe("conflict");
  await client.call("DELETE /api/v1/datasets/:datasetId", { params: { datasetId } });
  expect(await codeOf(client.call("GET /api/v1/datasets/:datasetId", { params: { datasetId } }))).toBe("not_found");
  expect(await codeOf(draftOf(datasetId))).toBe("not_found");
  await make("only once", 0);
});
