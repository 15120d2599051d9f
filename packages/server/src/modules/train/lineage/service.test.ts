import type { LineageGraph, SpanDetail } from "@treadle/contract";
import { expect, test } from "vitest";
import { previewOf } from "./list-rows.ts";
import { row, run, set, span, version, whole } from "./testing/make-world.ts";
import { openLineage, READ, ROOT, scopeOf } from "./testing/open-lineage.ts";

const scope = scopeOf();
const ANSWER = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
const MAIN = { datasetId: "ds_1", at: "main" };

/** The edges of the graph, as sentences. */
function linesOf({ steps, links }: LineageGraph): string[] {
  const label = (id: string) => steps.find((step) => step.id === id)?.label ?? `no step ${id}`;
  return links.map((link) => `${label(link.from)} ${link.label} ${label(link.to)}`);
}
const stepOf = ({ steps }: LineageGraph, label: string) => steps.find((step) => step.label === label);
const factOf = (graph: LineageGraph, label: string, name: string) =>
  stepOf(graph, label)?.facts.find((fact) => fact.name === name)?.value;

test("an answer leads back over its name, version, run, data and base to what the rows were made of", async () => {
  const graph = await openLineage(whole()).withSpan(span()).ofAnswer(scope, ANSWER);
  expect(linesOf(graph).toSorted()).toEqual([
    "1 row made by a model is in support version 1",
    "2 rows from traces are in support version 1",
    "support made support v2",
    "support v2 answered as support@production",
    "support version 1 was given to support",
    "support@production gave chat support",
    "tiny was the start of support",
  ]);
  expect(graph.steps.every(({ state }) => state === "there")).toBe(true);
  expect(graph.focus).toBe(graph.steps.find(({ kind }) => kind === "answer")?.id);
  expect(stepOf(graph, "2 rows from traces")?.target).toEqual({
    to: "items",
    datasetId: "ds_1",
    version: 1,
    filter: "source:trace",
  });
  expect(factOf(graph, "support@production", "Now")).toBe("still points here");
});

test("the version that answered counts, not where an alias points by now; an endpoint is named when one was asked", async () => {
  const world = whole();
  world.versions = [version({ aliases: [] }), version({ version: 3, aliases: ["production"] })];
  const moved = await openLineage(world).withSpan(span()).ofAnswer(scope, ANSWER);
  expect(linesOf(moved)).toContain("support v2 answered as support@production");
  expect(factOf(moved, "support@production", "Now")).toBe("points elsewhere");
  const through = await openLineage(world)
    .withSpan(span({ endpoint: "helpdesk", requestModel: "helpdesk" }))
    .ofAnswer(scope, ANSWER);
  expect(linesOf(through)).toContain("support v2 answered as helpdesk");
});

test("an answer of an endpoint names its variant, the endpoint version and the rollout with its evidence", async () => {
  const world = whole();
  const rollout = {
    rolloutId: "roll_1",
    endpoint: "helpdesk",
    candidate: "current-v2",
    control: "current",
    state: "rolled-back" as const,
    reason: "harm" as const,
    message: "The candidate is worse in error.",
    evidence: null,
    endedAt: null,
  };
  world.rollouts = [rollout];
  const assignment = { unit: "user" as const, bucket: 0.05, propensity: 0.1, endpointVersion: 7 };
  const call = {
    endpoint: "helpdesk",
    requestModel: "helpdesk",
    variant: "current-v2",
    rolloutId: "roll_1",
    assignment,
  };
  const ofCall = (more: Partial<SpanDetail> = {}, by = scope) =>
    openLineage(world)
      .withSpan(span({ ...call, ...more }))
      .ofAnswer(by, ANSWER);
  const graph = await ofCall();
  expect(linesOf(graph)).toEqual(
    expect.arrayContaining([
      "support v2 answered as current-v2",
      "current-v2 against current compared current-v2",
      "current-v2 is a variant of helpdesk, version 7",
      "helpdesk, version 7 gave chat support",
    ]),
  );
  expect(linesOf(graph).some((line) => line.endsWith("made support v2"))).toBe(true);
  const shown = "current-v2 against current";
  expect(stepOf(graph, shown)).toMatchObject({
    kind: "rollout",
    note: rollout.message,
    target: { to: "rollout", rolloutId: "roll_1" },
  });
  expect(factOf(graph, shown, "State")).toBe("rolled-back");
  expect(factOf(graph, shown, "Reason")).toBe("harm");
  expect(linesOf(await ofCall({ rolloutId: "" }))).toContain(`${shown} admitted current-v2`);
  const blind = scopeOf(READ.filter((permission) => permission !== "endpoints:read"));
  expect(stepOf(await ofCall({}, blind), "Rollout")).toMatchObject({ state: "hidden" });
  expect(stepOf(await ofCall({ rolloutId: "roll_2" }), "Rollout")).toMatchObject({ state: "gone" });
});

test("an answer of an unregistered model is labeled as such, and nothing is invented", async () => {
  const graph = await openLineage(whole())
    .withSpan(span({ responseModel: "gpt-4o-2024-08-06", provider: "openai" }))
    .ofAnswer(scope, ANSWER);
  expect(linesOf(graph)).toEqual(["gpt-4o-2024-08-06 gave chat support"]);
  expect(stepOf(graph, "gpt-4o-2024-08-06")).toMatchObject({
    state: "unknown",
    note: expect.stringContaining("not in the project's registry"),
  });
});

test("a version that was deleted is gone, also when another was made under its name since", async () => {
  const world = whole();
  world.versions = [];
  const graph = await openLineage(world).withSpan(span()).ofAnswer(scope, ANSWER);
  expect(stepOf(graph, "support v2")).toMatchObject({ state: "gone", target: null });
  world.versions = [version({ createdAt: "2026-02-01T00:00:00.000Z" })];
  const later = await openLineage(world).withSpan(span()).ofAnswer(scope, ANSWER);
  const gave = later.links.find(({ to }) => to === later.focus);
  expect(later.steps.find(({ id }) => id === gave?.from)).toMatchObject({
    state: "gone",
    note: expect.stringContaining("A newer version"),
  });
});

test("a deleted run, dataset, version or file is labeled as deleted, and known facts are retained", async () => {
  const world = whole();
  world.runs = [];
  const withoutRun = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(withoutRun, "Training run")).toMatchObject({ state: "gone" });
  expect(linesOf(withoutRun)).toContain("support version 1 was given to Training run");
  world.sets = [];
  const withoutSet = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(withoutSet, "support@1")).toMatchObject({
    state: "gone",
    note: expect.stringContaining("dataset was deleted"),
  });
  expect(factOf(withoutSet, "support@1", "Root")).toBe(ROOT.slice(0, 12));
  world.sets = [set({ version: 9, root: "d".repeat(64) })];
  const withoutVersion = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(withoutVersion, "support@1")?.note).toContain("none of its versions has these rows");
  const data = [{ ref: "file-1", datasetId: null, version: null, root: ROOT, rows: 5 }];
  world.versions = [version({ runId: null, data })];
  const ofFile = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(ofFile, "Uploaded file")).toMatchObject({ state: "gone", note: "The file was deleted." });
  world.files = ["file-1"];
  const withFile = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(withFile, "Uploaded file")).toMatchObject({ state: "there" });
});

test("a branch's name says nothing of which rows they were, and the newest are not taken for them", async () => {
  const world = whole();
  const data = [{ ref: "support", datasetId: "ds_1", version: "main", root: null, rows: null }];
  world.versions = [version({ runId: null, data })];
  const graph = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(graph, "support")).toMatchObject({ state: "unknown", target: null });
  expect(graph.steps.some(({ kind }) => kind === "source")).toBe(false);
});

test("a version that was imported has no run, and a base that is a version is followed on, but not for ever", async () => {
  const world = whole();
  world.versions = [version({ runId: null, data: [], base: null, source: "/models/tuned.gguf" })];
  const bare = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(bare, "support v2")?.note).toContain("imported");
  world.versions = Array.from({ length: 9 }, (_, at) =>
    version({
      version: at + 1,
      runId: null,
      data: [],
      format: "gguf",
      base: at === 0 ? null : { ref: `support@v${at}`, hash: null, version: { name: "support", version: at } },
    }),
  );
  const chain = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "9" });
  expect(linesOf(chain)).toContain("support v8 became support v9");
  expect(chain.isCut).toBe(true);
  expect(stepOf(chain, "support v1")).toBeUndefined();
});

test("from a version, a run or a dataset, the lineage continues to names and answers", async () => {
  const { lineage } = openLineage(whole());
  const ofVersion = await lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(linesOf(ofVersion)).toEqual(
    expect.arrayContaining([
      "support v2 answers as support@production",
      "support v2 answers as helpdesk",
      "support v2 gave Its answers",
    ]),
  );
  expect(factOf(ofVersion, "Its answers", "Answers")).toBe("2");
  expect(factOf(ofVersion, "Its answers", "Newest")).toBe("2026-01-05T00:00:00.000Z");
  expect(linesOf(await lineage.ofRun(scope, "run_1"))).toContain("support v2 gave Its answers");
  const ofSet = await lineage.ofDataset(scope, "ds_1", "main");
  expect(linesOf(ofSet)).toEqual(
    expect.arrayContaining([
      "support version 1 was given to support",
      "support made support v2",
      "support v2 gave Its answers",
    ]),
  );
});

test("a version without an answer is labeled so, also if other versions have many answers", async () => {
  const world = whole();
  world.answers = [];
  const silent = await openLineage(world).lineage.ofVersion(scope, { name: "support", version: "2" });
  expect(stepOf(silent, "No answer yet")).toMatchObject({ state: "unknown" });
  world.versions = [version(), version({ versionId: "mv_2", version: 3, runId: "run_2" })];
  world.answers = Array.from({ length: 300 }, () => ({
    responseModel: "support@v3",
    startTime: "2026-01-05T00:00:00.000Z",
  }));
  const loud = await openLineage(world).lineage.ofDataset(scope, "ds_1", "main");
  const notes = loud.steps
    .filter(({ kind }) => kind === "answer")
    .map(({ note, facts }) => `${note}${facts[0]?.value}`);
  expect(notes.toSorted()).toEqual([
    "200 or more",
    "No answer among the newest 200 answers of the versions shown.undefined",
  ]);
});

test("a row leads back to where it came from and on to the runs, which say what they did with it", async () => {
  const world = whole();
  world.rows = [row("a"), row("t", { split: "test", source: { kind: "synthetic", model: "gpt-4o" } })];
  const { lineage } = openLineage(world);
  const trained = await lineage.ofRow(scope, { ...MAIN, itemId: "a" });
  expect(linesOf(trained)).toEqual(
    expect.arrayContaining([
      "An answer that was recorded became Where is parcel a?",
      "Where is parcel a? is in support version 1",
      "support version 1 was given to (this row: trained) support",
      "support v2 gave Its answers",
    ]),
  );
  const lineageOfRow = await lineage.ofRow(scope, { ...MAIN, itemId: "t" });
  expect(linesOf(lineageOfRow)).toContain("support version 1 was given to (this row: left out) support");
  expect(linesOf(lineageOfRow)).toContain("Written by gpt-4o became Where is parcel t?");
  world.runs = [];
  world.versions = [];
  const untouched = await lineage.ofRow(scope, { ...MAIN, itemId: "a" });
  expect(stepOf(untouched, "Version 1")?.note).toBe("No model was trained on this row yet.");
  await expect(lineage.ofRow(scope, { ...MAIN, itemId: "nobody" })).rejects.toThrow("nobody");
});

test("the rows of a run come page by page, each with its use and its source", async () => {
  const world = whole();
  world.rows = [row("a"), row("b", { split: "test" }), row("c")];
  const { lineage } = openLineage(world);
  const asked = { trainingRunId: "run_1", source: 0, limit: 2, signal: new AbortController().signal };
  const first = await lineage.listRunRows(scope, asked);
  expect(first).toMatchObject({ ref: "support@1", datasetId: "ds_1", version: 1, total: 3 });
  expect(first.items.map(({ itemId, use, source }) => [itemId, use, source.kind])).toEqual([
    ["a", "trained", "trace"],
    ["b", "left out", "trace"],
  ]);
  const second = await lineage.listRunRows(scope, { ...asked, cursor: first.nextCursor ?? "" });
  expect(second.items.map(({ itemId }) => itemId)).toEqual(["c"]);
  expect(second.nextCursor).toBeNull();
  await expect(lineage.listRunRows(scope, { ...asked, source: 7 })).rejects.toThrow("source of this run");
  await expect(lineage.listRunRows(scope, { ...asked, cursor: "nonsense" })).rejects.toThrow("cursor");
  world.sets = [];
  await expect(lineage.listRunRows(scope, asked)).rejects.toThrow(/was deleted, together with its rows/);
  world.runs = [run({ data: null })];
  await expect(lineage.listRunRows(scope, asked)).rejects.toThrow("has not read its data yet");
});

test("a row that the trainer left out is shown with the reason, and the counts match the rows that it used", async () => {
  const world = whole();
  world.leftOut = { b: "too_long" };
  const { data } = run();
  const sources = data?.sources.map((source) => ({ ...source, kept: 2 })) ?? [];
  world.runs = [run({ data: data && { ...data, kept: { train: 1, val: 1 }, sources } })];
  const { lineage } = openLineage(world);
  const asked = { trainingRunId: "run_1", source: 0, limit: 10, signal: new AbortController().signal };
  const { items } = await lineage.listRunRows(scope, asked);
  expect(items.map(({ itemId, use, reason }) => [itemId, use, reason])).toEqual([
    ["a", "trained", null],
    ["b", "filtered", "too_long"],
    ["c", "trained", null],
  ]);
  const ofRow = await lineage.ofRow(scope, { ...MAIN, itemId: "b" });
  expect(linesOf(ofRow)).toContain(
    "support version 1 was given to (this row: left out by the trainer, too long) support",
  );
  const ofRun = await lineage.ofRun(scope, "run_1");
  expect(factOf(ofRun, "support", "Rows trained on")).toBe("1");
  expect(factOf(ofRun, "support", "Rows left out by the trainer")).toBe("1");
  expect(factOf(ofRun, "support version 1", "Rows used")).toBe("2");
});

test("the rows of an uploaded file are read as far as is asked, and a file that was deleted is named", async () => {
  const world = whole();
  const sources = [{ ref: "file-1", datasetId: null, fileId: "file-1", version: null, root: ROOT, rows: 3 }];
  world.runs = [run({ data: { format: "chat", train: 3, val: 0, skipped: 0, sources } })];
  world.files = ["file-1"];
  const { lineage } = openLineage(world);
  const asked = { trainingRunId: "run_1", source: 0, limit: 2, signal: new AbortController().signal };
  const first = await lineage.listRunRows(scope, asked);
  expect(first).toMatchObject({ total: null, datasetId: null });
  const second = await lineage.listRunRows(scope, { ...asked, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ itemId }) => itemId)).toEqual(["a", "b", "c"]);
  expect(second.nextCursor).toBeNull();
  world.files = [];
  await expect(lineage.listRunRows(scope, asked)).rejects.toThrow("file-1");
});

test.each([
  ["models:read", "support v2"],
  ["training:read", "Training run"],
  ["datasets:read", "support@1"],
] as const)("without %s that step is hidden, and what hangs on it is not told", async (missing, label) => {
  const own = scopeOf(READ.filter((permission) => permission !== missing));
  const graph = await openLineage(whole()).withSpan(span()).ofAnswer(own, ANSWER);
  expect(stepOf(graph, label)).toMatchObject({ state: "hidden", target: null });
  if (missing === "datasets:read") {
    expect(graph.steps.some(({ kind }) => kind === "source")).toBe(false);
    const asked = { trainingRunId: "run_1", source: 0, limit: 2, signal: new AbortController().signal };
    await expect(openLineage(whole()).lineage.listRunRows(own, asked)).rejects.toThrow("datasets:read");
  }
});

test("the preview of a row is its last question, or its first text, cut off", () => {
  expect(previewOf({ messages: [{ content: "first" }, { content: "last" }] })).toBe("last");
  expect(previewOf({ context: 1, question: "why?" })).toBe("why?");
  expect(previewOf({ a: { b: 1 } })).toBe('{"a":{"b":1}}');
  expect(previewOf({ text: "x".repeat(300) })).toHaveLength(201);
});
