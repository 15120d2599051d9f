import { PromptVersionInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import { makeSpan } from "../../observe/traces/testing/make-span.ts";
import { type OpenPrompts, openPrompts, writer } from "./testing/open-prompts.ts";

let open: OpenPrompts;
let prompts: OpenPrompts["prompts"];
let comments: OpenPrompts["comments"];
let ada: Scope;
let bob: Scope;
let as: ReturnType<typeof writer>;

beforeAll(async () => {
  open = await openPrompts();
  ({ prompts, comments } = open);
  as = writer(open, () => ada);
});
afterAll(() => open?.close());
beforeEach(async () => {
  ({ ada, bob } = await open.people());
});

const text = (template: string, more: object = {}) => PromptVersionInput.parse({ type: "text", template, ...more });
const put = (scope: Scope, label: string, move: { version: number; expectedVersion?: number }) =>
  prompts.labels.put(scope, { name: "greet", label }, { message: "", ...move });
const actionsOf = async (scope: Scope) =>
  (await open.audit.list(scope, { limit: 100 })).items.map(({ action }) => action);

describe("versions", () => {
  test("are numbered, never change, and say who wrote them and why", async () => {
    await as.make("greet", "Hi {{name}}", { message: "first", model: "gpt", parameters: { temperature: 0 } });
    await prompts.versions.create(bob, "greet", text("Hello {{name}}", { message: "kinder" }));
    const { items } = await prompts.versions.list(ada, "greet", { limit: 10 });
    expect(items).toMatchObject([
      { version: 2, template: "Hello {{name}}", author: "Bob", message: "kinder", labels: ["latest"], model: null },
      {
        version: 1,
        template: "Hi {{name}}",
        author: "Ada",
        message: "first",
        model: "gpt",
        parameters: { temperature: 0 },
      },
    ]);
    expect(await prompts.versions.get(ada, "greet", 1)).toEqual(items[1]);
    await expect(prompts.versions.get(ada, "greet", 3)).rejects.toMatchObject({
      code: "not_found",
      message: 'The prompt "greet" has no version 3. Its newest version is 2.',
    });
    expect(await actionsOf(ada)).toEqual(["prompt.version.create", "prompt.create"]);
  });

  test("that say the same are one, and its labels are set all the same", async () => {
    await as.make("greet", "Hi");
    const again = await as.add("greet", "Hi", { message: "again", labels: ["staging"] });
    expect(again).toMatchObject({ version: 1, isNew: false, labels: ["staging", "latest"] });
    const other = await as.add("greet", "Hi ", {});
    expect(other).toMatchObject({ version: 2, isNew: true });
    expect(other.contentHash).not.toBe(again.contentHash);
  });

  test("based on an older version are rejected when another user was faster", async () => {
    await as.make("greet", "one");
    await as.add("greet", "two", { expectedLatest: 1 });
    await expect(as.add("greet", "three", { expectedLatest: 1 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Version 2 was added in the meantime"),
    });
    expect(await as.versionOf("greet", { label: "latest" })).toBe(2);
  });

  test("of another type, of a name that is taken, or with a broken template leave nothing behind", async () => {
    await as.make("greet", "one");
    const other = PromptVersionInput.parse({ type: "chat", messages: [{ role: "user", content: "x" }] });
    await expect(prompts.versions.create(ada, "greet", other)).rejects.toMatchObject({ code: "unprocessable" });
    await expect(as.make("greet", "two")).rejects.toMatchObject({ code: "conflict" });
    await expect(as.add("greet", "{{#open}}")).rejects.toMatchObject({ code: "unprocessable" });
    await expect(as.make("broken", "{{#open}}")).rejects.toMatchObject({ code: "unprocessable" });
    expect((await prompts.list(ada, { archived: "include", limit: 10 })).items).toMatchObject([
      { name: "greet", latestVersion: 1 },
    ]);
  });

  test("created concurrently have different numbers", async () => {
    await as.make("greet", "start");
    const made = await Promise.all(Array.from({ length: 12 }, (_, place) => as.add("greet", `text ${place}`)));
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 2),
    );
  });

  test("differ field by field and line by line", async () => {
    await as.make("greet", "a\nb\nc", { parameters: { temperature: 0 } });
    await as.add("greet", "a\nx\nc\nd", { parameters: { temperature: 1, seed: 7 } });
    const { fields, isSame } = await prompts.versions.diff(ada, "greet", { from: 1, to: 2 });
    expect(isSame).toBe(false);
    expect(fields).toEqual([
      {
        field: "template",
        change: "changed",
        lines: [
          { kind: "same", text: "a" },
          { kind: "removed", text: "b" },
          { kind: "added", text: "x" },
          { kind: "same", text: "c" },
          { kind: "added", text: "d" },
        ],
      },
      {
        field: "parameters.temperature",
        change: "changed",
        lines: [
          { kind: "removed", text: "0" },
          { kind: "added", text: "1" },
        ],
      },
      { field: "parameters.seed", change: "added", lines: [{ kind: "added", text: "7" }] },
    ]);
    expect(await prompts.versions.diff(ada, "greet", { from: 2, to: 2 })).toMatchObject({ isSame: true, fields: [] });
  });
});

describe("a label", () => {
  beforeEach(async () => {
    await as.make("greet", "one", { labels: ["production"] });
    await as.add("greet", "two");
    await as.add("greet", "three");
  });

  test("is read by default, and moves for the very next read", async () => {
    expect(await as.versionOf("greet")).toBe(1);
    await as.put("greet", 3);
    expect(await as.versionOf("greet")).toBe(3);
    expect(await as.read("greet")).toMatchObject({ template: "three", labels: ["production", "latest"] });
  });

  test("moved by two users at once goes to one of the versions, and the other user is notified", async () => {
    const moves = [2, 3].map((version) =>
      put(version === 2 ? ada : bob, "production", { version, expectedVersion: 1 }),
    );
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = outcomes.find((outcome) => outcome.status === "rejected");
    expect(lost?.reason).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("was moved by another user"),
    });
    const { items } = await prompts.labels.history(ada, "greet", { limit: 10 });
    expect(items).toHaveLength(2);
    expect(await as.versionOf("greet")).toBe(items[0]?.toVersion);
  });

  test("rolls back to where it was, step by step, and its history says so", async () => {
    await as.put("greet", 2);
    await as.put("greet", 3);
    const place = { name: "greet", label: "production" };
    const back = () => prompts.labels.rollBack(bob, place, { message: "worse" });
    await back();
    expect(await as.versionOf("greet")).toBe(2);
    await back();
    expect(await as.versionOf("greet")).toBe(1);
    await expect(back()).rejects.toMatchObject({ code: "conflict" });
    const { items } = await prompts.labels.history(ada, "greet", { label: "production", limit: 3 });
    expect(items).toMatchObject([
      { kind: "rollback", fromVersion: 2, toVersion: 1, movedBy: "Bob", message: "worse" },
      { kind: "rollback", fromVersion: 3, toVersion: 2 },
      { kind: "move", fromVersion: 2, toVersion: 3, movedBy: "Ada" },
    ]);
  });

  test("that is protected is moved, set, removed and deleted only by who may", async () => {
    await prompts.labels.protect(ada, "greet", ["production"]);
    const place = { name: "greet", label: "production" };
    const tries = [
      () => put(bob, "production", { version: 2 }),
      () => prompts.labels.remove(bob, place, undefined),
      () => prompts.labels.rollBack(bob, place, { message: "" }),
      () => prompts.versions.create(bob, "greet", text("four", { labels: ["production"] })),
      () => prompts.delete(bob, "greet"),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
    expect(await prompts.get(ada, "greet")).toMatchObject({
      latestVersion: 3,
      labels: [{ label: "production", version: 1, isProtected: true, movedBy: "Ada" }],
    });
    await put(bob, "staging", { version: 2 });
    await as.put("greet", 2);
    expect(await as.versionOf("greet")).toBe(2);
  });

  test("that is not there is answered with those that are", async () => {
    await expect(as.read("greet", { label: "canary" })).rejects.toMatchObject({
      code: "not_found",
      message:
        'The prompt "greet" has no label "canary". Available labels: production (1), latest (3). Use one of them, or give a version this label with PUT /api/v1/prompts/greet/labels/canary.',
    });
    await expect(as.read("greet", { label: "production", version: 1 })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(as.put("greet", 9)).rejects.toMatchObject({ code: "not_found" });
    await prompts.labels.remove(ada, { name: "greet", label: "production" }, 1);
    await expect(as.read("greet")).rejects.toMatchObject({ code: "not_found" });
  });
});

test("a new prompt has no production version until someone sets it, and the error says how", async () => {
  await as.make("team/greet", "one");
  expect(await as.read("team/greet", { label: "latest" })).toMatchObject({ version: 1 });
  const message =
    'The prompt "team/greet" has no label "production". Available labels: latest (1). A call without a label or version gets "production". Give a version this label on the prompt\'s page or with PUT /api/v1/prompts/team%2Fgreet/labels/production, or name a label or version in the call.';
  await expect(as.read("team/greet")).rejects.toMatchObject({ code: "not_found", message });
  await expect(prompts.render(ada, "team/greet", { inputs: {} })).rejects.toMatchObject({ message });
});

test("what is read stays one object under one tag until something changes", async () => {
  await as.make("greet", "one", { labels: ["production"] });
  const first = await prompts.read(ada, "greet", {});
  expect(await prompts.read(ada, "greet", {})).toBe(first);
  await as.add("greet", "two");
  const second = await prompts.read(ada, "greet", {});
  expect(second.tag).not.toBe(first.tag);
  expect(Object.isFrozen(second.prompt)).toBe(true);
});

test("comments are on a prompt or a version, and one changes only one's own", async () => {
  await as.make("greet", "one");
  const { commentId } = await prompts.comments.create(bob, "greet", { version: 1, text: "nice" });
  await prompts.comments.create(ada, "greet", { version: null, text: "thanks" });
  expect((await prompts.comments.list(ada, "greet", { limit: 10 })).items).toMatchObject([
    { text: "nice", version: 1, author: { name: "Bob" }, isOwn: false },
    { text: "thanks", version: null, isOwn: true },
  ]);
  expect((await prompts.comments.list(ada, "greet", { limit: 10, version: 1 })).items).toHaveLength(1);
  await expect(prompts.comments.update(ada, commentId, "mine")).rejects.toMatchObject({ code: "forbidden" });
  await expect(prompts.comments.delete(ada, commentId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(prompts.comments.create(ada, "greet", { version: 4, text: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await prompts.comments.update(bob, commentId, "nicer")).toMatchObject({ text: "nicer" });
  await prompts.comments.delete(bob, commentId);
  expect((await prompts.comments.list(ada, "greet", { limit: 10 })).items).toHaveLength(1);
});

test("a prompt's comments go with it", async () => {
  await as.make("greet", "one");
  const { commentId } = await prompts.comments.create(ada, "greet", { version: null, text: "old" });
  await prompts.delete(ada, "greet");
  await as.make("greet", "one");
  expect((await prompts.comments.list(ada, "greet", { limit: 10 })).items).toEqual([]);
  await expect(prompts.comments.update(ada, commentId, "older")).rejects.toMatchObject({ code: "not_found" });
});

test("a comment on a prompt is not found among the comments on traces", async () => {
  await as.make("greet", "one");
  const { commentId } = await prompts.comments.create(ada, "greet", { version: null, text: "here" });
  await expect(comments.delete(ada, "trace", commentId)).rejects.toMatchObject({ code: "not_found" });
});

test("each version says what its calls cost, how long they took and how they were scored", async () => {
  await as.make("greet", "one", { labels: ["production"] });
  await as.add("greet", "two");
  const call = (version: string, more: object) =>
    makeSpan({
      promptName: "greet",
      promptVersion: version,
      inputTokens: 10,
      outputTokens: 5,
      endpoint: "support",
      ...more,
    });
  const first = call("1", { durationMs: 100, costUsd: 0.5 });
  const others = [
    call("1", { durationMs: 300, costUsd: 1.5, status: "error", startTime: "2026-11-20T11:00:00.000Z" }),
    call("2", { durationMs: 50, timeToFirstTokenMs: 20, service: "web" }),
    makeSpan({ promptName: "other", promptVersion: "1", costUsd: 9 }),
    call("1", { kind: "span", costUsd: 9 }),
  ];
  await open.traces.keep(ada, [first, ...others]);
  const score = {
    project_id: ada.projectId,
    time: "2026-11-20 11:00:00.000000",
    name: "helpful",
    label: "",
    comment: "",
    source: "api",
  };
  await open.traces.columnar.insert("scores", [
    { ...score, trace_id: first.traceId, span_id: first.spanId, value: 1 },
    { ...score, trace_id: others[0]?.traceId, span_id: "", value: 0 },
  ]);
  const { items } = await prompts.usage.stats(ada, "greet", {});
  expect(items).toMatchObject([
    { version: 2, requests: 1, errors: 0, costUsd: null, latencyP50Ms: 50, timeToFirstTokenP50Ms: 20, scores: [] },
    {
      version: 1,
      requests: 2,
      errors: 1,
      costUsd: 2,
      inputTokens: 20,
      outputTokens: 10,
      latencyP50Ms: 200,
      timeToFirstTokenP50Ms: null,
      lastUsedAt: "2026-11-20T11:00:00.000Z",
    },
  ]);
  expect(items[1]?.scores).toMatchObject([{ name: "helpful", mean: 0.5, n: 2, standardError: expect.closeTo(0.5, 5) }]);
  expect(await prompts.usage.uses(ada, "greet", {})).toMatchObject({
    endpoints: [{ endpoint: "support", requests: 3 }],
    services: [{ service: "web", requests: 1 }],
    traces: [{ version: "1", time: "2026-11-20T11:00:00.000Z" }, {}, {}],
  });
  await expect(
    prompts.usage.stats(ada, "greet", { from: "2026-11-20T00:00:00Z", to: "2026-11-19T00:00:00Z" }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});
