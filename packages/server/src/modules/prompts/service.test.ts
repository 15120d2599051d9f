import { type Permission, PromptInput, PromptVersionInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { PostgresStore } from "../../platform/postgres/port.ts";
import { openTestPostgres } from "../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../audit/index.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { openTestTraces } from "../traces/testing/open-test-traces.ts";
import { createPrompts } from "./index.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");

let postgres: PostgresStore;
let traces: Awaited<ReturnType<typeof openTestTraces>>;
let audit: ReturnType<typeof createAudit>;
let prompts: ReturnType<typeof createPrompts>;
let ada: Scope;
let bob: Scope;

beforeAll(async () => {
  [postgres, traces] = await Promise.all([openTestPostgres(), openTestTraces(NOW)]);
  audit = createAudit({ db: postgres.db, clock: systemClock });
  const namesOf = async () =>
    new Map([
      ["user_ada", "Ada"],
      ["user_bob", "Bob"],
    ]);
  const clock = { now: () => NOW, elapsed: systemClock.elapsed };
  prompts = createPrompts({ db: postgres.db, columnar: traces.columnar, audit, clock, namesOf });
});
afterAll(async () => {
  prompts.close();
  await postgres.close();
  await traces.close();
});

const person = (projectId: string, name: string, permissions: readonly Permission[] = []): Scope => ({
  projectId,
  actor: `user_${name}`,
  userId: `user_${name}`,
  permissions: new Set<Permission>(permissions),
});
beforeEach(async () => {
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  ada = person(projectId, "ada", ["prompts:protect"]);
  bob = person(projectId, "bob");
});

const text = (template: string, more: object = {}) => PromptVersionInput.parse({ type: "text", template, ...more });
const make = (name: string, template: string, more: object = {}) =>
  prompts.versions.createPrompt(ada, PromptInput.parse({ type: "text", name, template, ...more }));
const add = (name: string, template: string, more: object = {}) =>
  prompts.versions.create(ada, name, text(template, more));
const put = (scope: Scope, name: string, move: { label?: string; version: number; expectedVersion?: number | null }) =>
  prompts.labels.put(scope, { name, label: move.label ?? "production" }, { message: "", ...move });
const read = async (name: string, choice: object = {}) => (await prompts.read(ada, name, choice)).prompt;
const versionOf = async (name: string, choice: object = {}) => (await read(name, choice)).version;
const actions = async () => (await audit.list(ada, { limit: 100 })).items.map(({ action }) => action);

describe("versions", () => {
  test("are numbered, never change, and say who wrote them and why", async () => {
    await make("greet", "Hi {{name}}", { message: "first", model: "gpt", parameters: { temperature: 0 } });
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
      message: 'The prompt "greet" has no version 3; its newest is 2.',
    });
    expect(await actions()).toEqual(["prompt.version.create", "prompt.create"]);
  });

  test("that say the same are one, and its labels are set all the same", async () => {
    await make("greet", "Hi");
    const again = await add("greet", "Hi", { message: "again", labels: ["staging"] });
    expect(again).toMatchObject({ version: 1, isNew: false, labels: ["staging", "latest"] });
    const other = await add("greet", "Hi ", {});
    expect(other).toMatchObject({ version: 2, isNew: true });
    expect(other.contentHash).not.toBe(again.contentHash);
  });

  test("written over an older one are refused when somebody was faster", async () => {
    await make("greet", "one");
    await add("greet", "two", { expectedLatest: 1 });
    await expect(add("greet", "three", { expectedLatest: 1 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Somebody added version 2 meanwhile"),
    });
    expect(await versionOf("greet", { label: "latest" })).toBe(2);
  });

  test("of another type, of a name that is taken, or with a broken template leave nothing behind", async () => {
    await make("greet", "one");
    const other = PromptVersionInput.parse({ type: "chat", messages: [{ role: "user", content: "x" }] });
    await expect(prompts.versions.create(ada, "greet", other)).rejects.toMatchObject({ code: "unprocessable" });
    await expect(make("greet", "two")).rejects.toMatchObject({ code: "conflict" });
    await expect(add("greet", "{{#open}}")).rejects.toMatchObject({ code: "unprocessable" });
    await expect(make("broken", "{{#open}}")).rejects.toMatchObject({ code: "unprocessable" });
    expect((await prompts.list(ada, { archived: "include", limit: 10 })).items).toMatchObject([
      { name: "greet", latestVersion: 1 },
    ]);
  });

  test("made by many at once each have a number of their own", async () => {
    await make("greet", "start");
    const made = await Promise.all(Array.from({ length: 12 }, (_, place) => add("greet", `text ${place}`)));
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 2),
    );
  });

  test("differ field by field and line by line", async () => {
    await make("greet", "a\nb\nc", { parameters: { temperature: 0 } });
    await add("greet", "a\nx\nc\nd", { parameters: { temperature: 1, seed: 7 } });
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
    await make("greet", "one", { labels: ["production"] });
    await add("greet", "two");
    await add("greet", "three");
  });

  test("is read by default, and moves for the very next read", async () => {
    expect(await versionOf("greet")).toBe(1);
    await put(ada, "greet", { version: 3 });
    expect(await versionOf("greet")).toBe(3);
    expect(await read("greet")).toMatchObject({ template: "three", labels: ["production", "latest"] });
  });

  test("moved by two at once goes where one of them said, and the other is told", async () => {
    const moves = [2, 3].map((version) => put(version === 2 ? ada : bob, "greet", { version, expectedVersion: 1 }));
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = outcomes.find((outcome) => outcome.status === "rejected");
    expect(lost?.reason).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Somebody moved the label"),
    });
    const { items } = await prompts.labels.history(ada, "greet", { limit: 10 });
    expect(items).toHaveLength(2);
    expect(await versionOf("greet")).toBe(items[0]?.toVersion);
  });

  test("rolls back to where it was, step by step, and its history says so", async () => {
    await put(ada, "greet", { version: 2 });
    await put(ada, "greet", { version: 3 });
    const place = { name: "greet", label: "production" };
    const back = () => prompts.labels.rollBack(bob, place, { message: "worse" });
    await back();
    expect(await versionOf("greet")).toBe(2);
    await back();
    expect(await versionOf("greet")).toBe(1);
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
      () => put(bob, "greet", { version: 2 }),
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
    await put(bob, "greet", { label: "staging", version: 2 });
    await put(ada, "greet", { version: 2 });
    expect(await versionOf("greet")).toBe(2);
  });

  test("that is not there is answered with those that are", async () => {
    await expect(read("greet", { label: "canary" })).rejects.toMatchObject({
      code: "not_found",
      message: 'The prompt "greet" has no label "canary". It has production (1), latest (3).',
    });
    await expect(read("greet", { label: "production", version: 1 })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(put(ada, "greet", { version: 9 })).rejects.toMatchObject({ code: "not_found" });
    await prompts.labels.remove(ada, { name: "greet", label: "production" }, 1);
    await expect(read("greet")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("includes", () => {
  test("are put in, by label or version, and follow the label", async () => {
    await make("parts/tone", "Be {{tone}}.", { labels: ["production"] });
    await make("greet", "{{> parts/tone}} {{> parts/tone@1}} Hi.", { labels: ["production"] });
    expect(await read("greet")).toMatchObject({
      template: "Be {{tone}}. Be {{tone}}. Hi.",
      included: { "parts/tone@production": 1, "parts/tone@1": 1 },
    });
    await add("parts/tone", "Stay {{tone}}.", { labels: ["production"] });
    expect(await read("greet")).toMatchObject({ template: "Stay {{tone}}. Be {{tone}}. Hi." });
    expect(await read("greet", { includes: "keep" })).toMatchObject({
      template: "{{> parts/tone}} {{> parts/tone@1}} Hi.",
    });
    expect(await prompts.render(ada, "greet", { inputs: { tone: "kind" } })).toMatchObject({
      text: "Stay kind. Be kind. Hi.",
    });
  });

  test("that go round in a circle are refused, also when a moved label would close it", async () => {
    await make("a", "a", { labels: ["production"] });
    await make("b", "{{> a}}", { labels: ["production"] });
    await expect(add("a", "{{> b}}")).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("go round in a circle: a → b → a"),
    });
    await expect(make("self", "{{> self@1}}")).rejects.toMatchObject({
      message: expect.stringContaining("self → self"),
    });
    await make("c", "c", { labels: ["production"] });
    await add("c", "{{> b@2}}").catch(() => undefined);
    await add("b", "{{> c}}");
    await add("c", "{{> b@production}}");
    await put(ada, "c", { version: (await prompts.get(ada, "c")).latestVersion });
    await expect(put(ada, "b", { version: 2 })).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("b → c → b"),
    });
    expect(await versionOf("b")).toBe(1);
  });

  test.each([
    ["{{> nowhere}}", "nowhere@production, which does not exist"],
    ["{{> chat@latest}}", "which is a chat prompt"],
    ["{{> liquid@latest}}", "which is written in liquid"],
    ["{{> a@b@c}}", "is not understood"],
    ["{{> }}", "is not understood"],
    ["{{> open", "never closed"],
  ])("%s is refused", async (template, message) => {
    const messages = [{ role: "user", content: "x" }];
    await prompts.versions.createPrompt(ada, PromptInput.parse({ type: "chat", name: "chat", messages }));
    await make("liquid", "x", { format: "liquid" });
    await expect(make("greet", template)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(message),
    });
  });

  test("that double at every step stop at a limit", async () => {
    await make("p0", "x".repeat(100_000), { labels: ["production"] });
    for (const step of [1, 2])
      await make(`p${step}`, `{{> p${step - 1}}}{{> p${step - 1}}}`, { labels: ["production"] });
    await expect(make("p3", "{{> p2}}{{> p2}}")).rejects.toMatchObject({
      message: expect.stringContaining("longer than"),
    });
  });

  test("keep what they include from being deleted or losing its label", async () => {
    await make("part", "x", { labels: ["production"] });
    await make("whole", "{{> part}}", { labels: ["production"] });
    await expect(prompts.delete(ada, "part")).rejects.toMatchObject({ code: "conflict" });
    const place = { name: "part", label: "production" };
    await expect(prompts.labels.remove(ada, place, undefined)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"whole" includes part@production'),
    });
    expect(await prompts.usage.uses(ada, "part", {})).toMatchObject({
      prompts: [{ name: "whole", version: 1, include: "part@production", isCurrent: true }],
    });
    await prompts.delete(ada, "whole");
    await prompts.delete(ada, "part");
    await expect(prompts.get(ada, "part")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the list", () => {
  test("is by name, by pages, and by folder, tag, label and what the newest text says", async () => {
    await make("support/answer", "Be kind", { tags: ["team a"], labels: ["production"] });
    await make("support/mail/reply", "100% sure_", { description: "Letters" });
    await make("sales", "Buy");
    await add("sales", "Sell");
    await prompts.update(ada, "sales", { tags: ["team b"] });
    const list = async (filter: object = {}) =>
      (await prompts.list(ada, { archived: "exclude", limit: 10, ...filter })).items.map(({ name }) => name);
    expect(await list()).toEqual(["sales", "support/answer", "support/mail/reply"]);
    expect(await list({ folder: "support" })).toEqual(["support/answer", "support/mail/reply"]);
    expect(await list({ tag: "team a" })).toEqual(["support/answer"]);
    expect(await list({ label: "production" })).toEqual(["support/answer"]);
    expect(await list({ search: "LETTERS" })).toEqual(["support/mail/reply"]);
    expect(await list({ search: "sell" })).toEqual(["sales"]);
    expect(await list({ search: "buy" })).toEqual([]);
    expect(await list({ search: "0% sure_" })).toEqual(["support/mail/reply"]);
    expect(await list({ search: "0%kind" })).toEqual([]);
    const first = await prompts.list(ada, { archived: "exclude", limit: 2 });
    expect(
      (await prompts.list(ada, { archived: "exclude", limit: 2, cursor: first.nextCursor ?? "" })).items,
    ).toMatchObject([{ name: "support/mail/reply", folder: "support/mail" }]);
    expect(await prompts.listFolders(ada)).toEqual({
      folders: [
        { folder: "support", promptCount: 2 },
        { folder: "support/mail", promptCount: 1 },
      ],
      tags: [
        { tag: "team a", promptCount: 1 },
        { tag: "team b", promptCount: 1 },
      ],
    });
    await prompts.update(ada, "sales", { isArchived: true });
    expect(await list()).toEqual(["support/answer", "support/mail/reply"]);
    expect(await list({ archived: "only" })).toEqual(["sales"]);
    expect(await versionOf("sales", { label: "latest" })).toBe(2);
  });

  test("holds nothing of another project", async () => {
    await make("mine", "x");
    const other = { ...ada, projectId: "proj_other" };
    expect((await prompts.list(other, { archived: "include", limit: 10 })).items).toEqual([]);
    await expect(prompts.get(other, "mine")).rejects.toMatchObject({ code: "not_found" });
    await expect(prompts.render(other, "mine", { inputs: {} })).rejects.toMatchObject({ code: "not_found" });
    const { commentId } = await prompts.comments.create(ada, "mine", { version: null, text: "mine" });
    await expect(prompts.comments.update(other, commentId, "theirs")).rejects.toMatchObject({ code: "not_found" });
    await expect(prompts.comments.delete(other, commentId)).rejects.toMatchObject({ code: "not_found" });
  });
});

test("what is read stays one object under one tag until something changes", async () => {
  await make("greet", "one", { labels: ["production"] });
  const first = await prompts.read(ada, "greet", {});
  expect(await prompts.read(ada, "greet", {})).toBe(first);
  await add("greet", "two");
  const second = await prompts.read(ada, "greet", {});
  expect(second.tag).not.toBe(first.tag);
  expect(Object.isFrozen(second.prompt)).toBe(true);
});

test("comments are on a prompt or a version, and one changes only one's own", async () => {
  await make("greet", "one");
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

test("each version says what its calls cost, how long they took and how they were scored", async () => {
  await make("greet", "one", { labels: ["production"] });
  await add("greet", "two");
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
  await traces.keep(ada, [first, ...others]);
  const score = {
    project_id: ada.projectId,
    time: "2026-11-20 11:00:00.000000",
    name: "helpful",
    label: "",
    comment: "",
    source: "api",
  };
  await traces.columnar.insert("scores", [
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
