import { Chart, type ChartQuery, Dashboard, DashboardFile } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { PostgresStore } from "../../platform/postgres/port.ts";
import { openTestPostgres } from "../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../audit/index.ts";
import { createBoards } from "./index.ts";

let postgres: PostgresStore;
let boards: ReturnType<typeof createBoards>;
let audit: ReturnType<typeof createAudit>;
let ada: Scope;
let bob: Scope;

const NAMES = new Map([
  ["user_ada", "Ada"],
  ["user_bob", "Bob"],
]);
const asked = async (_projectId: string, actors: readonly string[]) =>
  new Map([...NAMES].filter(([id]) => actors.includes(id)));

async function newProject(): Promise<string> {
  const id = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${id}, 'Test', now())`);
  return id;
}
const person = (projectId: string, name: string): Scope => ({
  projectId,
  actor: `user_${name}`,
  userId: `user_${name}`,
  permissions: new Set(),
});

beforeAll(async () => {
  postgres = await openTestPostgres();
  audit = createAudit({ db: postgres.db, clock: systemClock });
  boards = createBoards({ db: postgres.db, audit, clock: systemClock, namesOf: asked });
});
afterAll(() => postgres.close());
beforeEach(async () => {
  const projectId = await newProject();
  ada = person(projectId, "ada");
  bob = person(projectId, "bob");
});

const lineChart = (query: object = {}) => ({
  id: "cost",
  kind: "line",
  query: { measures: ["costUsd"], dimensions: ["time"], ...query },
  layout: { x: 0, y: 0, w: 6, h: 4 },
});
const input = (more: object = {}) => ({ name: "Mine", description: "", charts: [Chart.parse(lineChart())], ...more });
const actionsOf = async (scope: Scope) => (await audit.list(scope, { limit: 100 })).items.map(({ action }) => action);

describe("a dashboard", () => {
  test("is there for everybody in the project, with the names of those who made and changed it", async () => {
    const { id, version } = await boards.dashboards.create(ada, input());
    await boards.dashboards.replace(bob, id, { ...input({ name: "Ours" }), version });
    const found = await boards.dashboards.get(ada, id);
    expect(Dashboard.parse(found)).toMatchObject({ name: "Ours", version: 2, createdBy: "Ada", updatedBy: "Bob" });
    expect(await boards.dashboards.list(ada)).toMatchObject([{ id, name: "Ours", chartCount: 1 }]);
    await boards.dashboards.delete(bob, id);
    expect(await boards.dashboards.list(ada)).toEqual([]);
    expect(await actionsOf(ada)).toEqual(["dashboard.delete", "dashboard.update", "dashboard.create"]);
  });

  test("that somebody else has changed meanwhile is not overwritten, and the refusal says who and what to do", async () => {
    const { id, version } = await boards.dashboards.create(ada, input());
    await boards.dashboards.replace(bob, id, { ...input({ name: "Bob's" }), version });
    await expect(boards.dashboards.replace(ada, id, { ...input({ name: "Ada's" }), version })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^Bob changed .* at version 2, and you edited version 1\. Load it again/),
      details: { version: 2, updatedBy: "Bob" },
    });
    expect((await boards.dashboards.get(ada, id)).name).toBe("Bob's");
  });

  test("is written once when two save the same version at once", async () => {
    const { id, version } = await boards.dashboards.create(ada, input());
    const saves = ["a", "b", "c"].map((name) => boards.dashboards.replace(ada, id, { ...input({ name }), version }));
    const ended = await Promise.allSettled(saves);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("goes out as a file and comes back the same, in another project too", async () => {
    const { id } = await boards.dashboards.create(ada, input({ description: "What we spend" }));
    const file = DashboardFile.parse(JSON.parse(JSON.stringify(await boards.dashboards.export(ada, id))));
    const elsewhere = person(await newProject(), "ada");
    const imported = await boards.dashboards.import(elsewhere, file);
    expect(await boards.dashboards.export(elsewhere, imported.id)).toEqual(file);
  });

  test("can be copied, under a name that says so and is not too long", async () => {
    const { id } = await boards.dashboards.create(ada, input({ name: "n".repeat(120) }));
    const copy = await boards.dashboards.duplicate(bob, id);
    expect(copy.name).toBe(`${"n".repeat(113)} (copy)`);
    expect(copy).toMatchObject({ version: 1, createdBy: "Bob", charts: input().charts });
  });

  test("of another project does not exist", async () => {
    const { id, version } = await boards.dashboards.create(ada, input());
    const other = person(await newProject(), "ada");
    const tries = [
      () => boards.dashboards.get(other, id),
      () => boards.dashboards.replace(other, id, { ...input(), version }),
      () => boards.dashboards.duplicate(other, id),
      () => boards.dashboards.export(other, id),
      () => boards.dashboards.delete(other, id),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect(await boards.dashboards.get(ada, id)).toMatchObject({ name: "Mine" });
  });

  test("is offered for cost, quality and latency, each ready to be created", async () => {
    const templates = boards.dashboards.templates();
    expect(templates.map(({ id }) => id)).toEqual(["cost", "quality", "latency"]);
    for (const { id: _, ...template } of templates) {
      const made = await boards.dashboards.create(ada, template);
      expect(Dashboard.parse(made).charts).toEqual(template.charts);
      expect(overlaps(made.charts)).toEqual([]);
    }
  });
});

const overlaps = (charts: readonly Chart[]) =>
  charts.flatMap(({ layout: a }, place) =>
    charts
      .slice(place + 1)
      .filter(({ layout: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h),
  );

describe("a chart", () => {
  test.each<[string, object, string]>([
    ["without time", lineChart({ dimensions: [] } satisfies Partial<ChartQuery>), "a line needs the dimension `time`"],
    ["of an unknown measure", lineChart({ measures: ["secrets"] }), "must be one of count, "],
    ["of an unknown dimension", lineChart({ dimensions: ["time", "project_id"] }), "or metadata.KEY"],
    ["of one measure twice", lineChart({ measures: ["count", "count"] }), "must not name a measure twice"],
    ["that leaves the board", { ...lineChart(), layout: { x: 8, y: 0, w: 6, h: 4 } }, "must not reach beyond"],
    ["with an unknown field", lineChart({ sql: "1" }), "sql"],
  ])("%s is refused with words that say why", (_, chart, words) => {
    const { error } = Chart.safeParse(chart);
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});

const view = (more: object = {}) => ({
  name: "Slow",
  page: "traces" as const,
  filter: "latency>2s",
  columns: ["name", "metadata.tenant"],
  order: "-durationMs",
  settings: { period: "7d" },
  isShared: false,
  ...more,
});

describe("a saved view", () => {
  test("is given back as it was saved, to its maker alone", async () => {
    const { id } = await boards.views.create(ada, view());
    expect(await boards.views.get(ada, id)).toMatchObject({ ...view(), isOwn: true, createdBy: "Ada" });
    expect(await boards.views.list(bob, undefined)).toEqual([]);
    await expect(boards.views.get(bob, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(boards.views.replace(bob, id, view())).rejects.toMatchObject({ code: "not_found" });
    await expect(boards.views.delete(bob, id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("that is shared is seen and changed by all, but made private by its maker only", async () => {
    const { id } = await boards.views.create(ada, view({ isShared: true }));
    expect(await boards.views.list(bob, "traces")).toMatchObject([{ id, isOwn: false, createdBy: "Ada" }]);
    expect(await boards.views.list(bob, "sessions")).toEqual([]);
    expect(await boards.views.replace(bob, id, view({ isShared: true, name: "Very slow" }))).toMatchObject({
      name: "Very slow",
      createdBy: "Ada",
    });
    await expect(boards.views.replace(bob, id, view())).rejects.toMatchObject({ code: "forbidden" });
    expect(await boards.views.replace(ada, id, view())).toMatchObject({ isShared: false });
    expect(await actionsOf(ada)).toEqual(["view.update", "view.update", "view.create"]);
  });

  test("of another project does not exist, shared or not", async () => {
    const { id } = await boards.views.create(ada, view({ isShared: true }));
    const other = person(await newProject(), "ada");
    expect(await boards.views.list(other, undefined)).toEqual([]);
    await expect(boards.views.get(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(boards.views.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
  });
});

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const say = (scope: Scope, text: string, place: object = {}) =>
  boards.comments.create(scope, { traceId, spanId: "", text, ...place });

describe("a comment", () => {
  test("is listed with those of its trace, oldest first, a page at a time, with the number of each span", async () => {
    for (const text of ["one", "two", "three"]) await say(ada, text);
    await say(bob, "here", { spanId });
    await say(bob, "elsewhere", { traceId: "1".repeat(32) });
    const first = await boards.comments.list(ada, { traceId, limit: 3 });
    expect(first.items.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(first.counts).toEqual([
      { spanId: "", count: 3 },
      { spanId, count: 1 },
    ]);
    const second = await boards.comments.list(ada, { traceId, limit: 3, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({
      items: [{ text: "here", isOwn: false, author: { name: "Bob" } }],
      nextCursor: null,
    });
    expect((await boards.comments.list(ada, { traceId, spanId, limit: 3 })).items).toHaveLength(1);
    expect(await boards.comments.count(ada, [traceId, "1".repeat(32), "2".repeat(32)])).toEqual({
      items: [
        { traceId, count: 4 },
        { traceId: "1".repeat(32), count: 1 },
      ],
    });
  });

  test("is changed and deleted by its author, and deleted by who may change members", async () => {
    const { id, editedAt } = await say(ada, "frist");
    expect(editedAt).toBeNull();
    await expect(boards.comments.update(bob, id, "mine")).rejects.toMatchObject({ code: "forbidden" });
    await expect(boards.comments.delete(bob, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await boards.comments.update(ada, id, "first")).toMatchObject({
      text: "first",
      editedAt: expect.any(String),
    });
    await boards.comments.delete({ ...bob, permissions: new Set(["members:write"]) }, id);
    expect((await boards.comments.list(ada, { traceId, limit: 3 })).items).toEqual([]);
    expect(await actionsOf(ada)).toEqual(["comment.delete", "comment.update", "comment.create"]);
  });

  test("of another project does not exist and is not counted", async () => {
    const { id } = await say(ada, "ours");
    const other = { ...person(await newProject(), "ada"), permissions: ada.permissions };
    expect(await boards.comments.list(other, { traceId, limit: 3 })).toMatchObject({ items: [], counts: [] });
    expect(await boards.comments.count(other, [traceId])).toEqual({ items: [] });
    await expect(boards.comments.update(other, id, "theirs")).rejects.toMatchObject({ code: "not_found" });
    await expect(boards.comments.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
  });
});
