import { Chart, type ChartQuery, Dashboard, DashboardFile } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createComments } from "../../system/comments/index.ts";
import { createDashboardServices } from "./index.ts";

let postgres: PostgresStore;
let services: ReturnType<typeof createDashboardServices>;
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
  const comments = createComments({
    db: postgres.db,
    audit,
    clock: systemClock,
    namesOf: asked,
    membersOf: async () => [],
    async mention() {},
  });
  services = createDashboardServices({ db: postgres.db, audit, clock: systemClock, comments, namesOf: asked });
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
    const { dashboardId: id, version } = await services.dashboards.create(ada, input());
    await services.dashboards.replace(bob, id, { ...input({ name: "Ours" }), version });
    const dashboard = await services.dashboards.get(ada, id);
    expect(Dashboard.parse(dashboard)).toMatchObject({ name: "Ours", version: 2, createdBy: "Ada", updatedBy: "Bob" });
    expect(await services.dashboards.list(ada)).toMatchObject([{ dashboardId: id, name: "Ours", chartCount: 1 }]);
    await services.dashboards.delete(bob, id);
    expect(await services.dashboards.list(ada)).toEqual([]);
    expect(await actionsOf(ada)).toEqual(["dashboard.delete", "dashboard.update", "dashboard.create"]);
  });

  test("that somebody else has changed meanwhile is not overwritten, and the refusal says who and what to do", async () => {
    const { dashboardId: id, version } = await services.dashboards.create(ada, input());
    await services.dashboards.replace(bob, id, { ...input({ name: "Bob's" }), version });
    await expect(services.dashboards.replace(ada, id, { ...input({ name: "Ada's" }), version })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^Bob changed .* at version 2, and you edited version 1\. Reload it/),
      details: { version: 2, updatedBy: "Bob" },
    });
    expect((await services.dashboards.get(ada, id)).name).toBe("Bob's");
  });

  test("is written once when two save the same version at once", async () => {
    const { dashboardId: id, version } = await services.dashboards.create(ada, input());
    const saves = ["a", "b", "c"].map((name) => services.dashboards.replace(ada, id, { ...input({ name }), version }));
    const ended = await Promise.allSettled(saves);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("goes out as a file and comes back the same, in another project too", async () => {
    const { dashboardId: id } = await services.dashboards.create(ada, input({ description: "What we spend" }));
    const file = DashboardFile.parse(JSON.parse(JSON.stringify(await services.dashboards.export(ada, id))));
    const elsewhere = person(await newProject(), "ada");
    const imported = await services.dashboards.import(elsewhere, file);
    expect(await services.dashboards.export(elsewhere, imported.dashboardId)).toEqual(file);
  });

  test("can be copied, under a name that says so and is not too long", async () => {
    const { dashboardId: id } = await services.dashboards.create(ada, input({ name: "n".repeat(120) }));
    const copy = await services.dashboards.duplicate(bob, id);
    expect(copy.name).toBe(`${"n".repeat(113)} (copy)`);
    expect(copy).toMatchObject({ version: 1, createdBy: "Bob", charts: input().charts });
  });

  test("of another project does not exist", async () => {
    const { dashboardId: id, version } = await services.dashboards.create(ada, input());
    const other = person(await newProject(), "ada");
    const tries = [
      () => services.dashboards.get(other, id),
      () => services.dashboards.replace(other, id, { ...input(), version }),
      () => services.dashboards.duplicate(other, id),
      () => services.dashboards.export(other, id),
      () => services.dashboards.delete(other, id),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect(await services.dashboards.get(ada, id)).toMatchObject({ name: "Mine" });
  });

  test("is offered for cost, quality, latency and guards, each ready to be created", async () => {
    const templates = services.dashboards.templates();
    expect(templates.map(({ templateId }) => templateId)).toEqual(["cost", "quality", "latency", "guards"]);
    for (const { templateId: _, ...template } of templates) {
      const made = await services.dashboards.create(ada, template);
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
    const { viewId: id } = await services.views.create(ada, view());
    expect(await services.views.get(ada, id)).toMatchObject({ ...view(), isOwn: true, createdBy: "Ada" });
    expect(await services.views.list(bob, undefined)).toEqual([]);
    await expect(services.views.get(bob, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(services.views.replace(bob, id, view())).rejects.toMatchObject({ code: "not_found" });
    await expect(services.views.delete(bob, id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("that is shared is seen and changed by all, but made private by its maker only", async () => {
    const { viewId: id } = await services.views.create(ada, view({ isShared: true }));
    expect(await services.views.list(bob, "traces")).toMatchObject([{ viewId: id, isOwn: false, createdBy: "Ada" }]);
    expect(await services.views.list(bob, "sessions")).toEqual([]);
    expect(await services.views.replace(bob, id, view({ isShared: true, name: "Very slow" }))).toMatchObject({
      name: "Very slow",
      createdBy: "Ada",
    });
    await expect(services.views.replace(bob, id, view())).rejects.toMatchObject({ code: "forbidden" });
    expect(await services.views.replace(ada, id, view())).toMatchObject({ isShared: false });
    expect(await actionsOf(ada)).toEqual(["view.update", "view.update", "view.create"]);
  });

  test("of another project does not exist, shared or not", async () => {
    const { viewId: id } = await services.views.create(ada, view({ isShared: true }));
    const other = person(await newProject(), "ada");
    expect(await services.views.list(other, undefined)).toEqual([]);
    await expect(services.views.get(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(services.views.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
  });
});

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const addComment = (scope: Scope, text: string, place: object = {}) =>
  services.comments.create(scope, { traceId, spanId: "", text, ...place });

describe("a comment", () => {
  test("is listed with the trace's comments, oldest first, in pages, with the number per span", async () => {
    for (const text of ["one", "two", "three"]) await addComment(ada, text);
    await addComment(bob, "here", { spanId });
    await addComment(bob, "elsewhere", { traceId: "1".repeat(32) });
    const first = await services.comments.list(ada, { traceId, limit: 3 });
    expect(first.items.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(first.counts).toEqual([
      { spanId: "", count: 3 },
      { spanId, count: 1 },
    ]);
    const second = await services.comments.list(ada, { traceId, limit: 3, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({
      items: [{ text: "here", isOwn: false, author: { name: "Bob" } }],
      nextCursor: null,
    });
    expect((await services.comments.list(ada, { traceId, spanId, limit: 3 })).items).toHaveLength(1);
    expect(await services.comments.count(ada, [traceId, "1".repeat(32), "2".repeat(32)])).toEqual({
      items: [
        { traceId, count: 4 },
        { traceId: "1".repeat(32), count: 1 },
      ],
      nextCursor: null,
    });
  });

  test("is changed and deleted by its author, and deleted by who may change members", async () => {
    const { commentId: id, editedAt } = await addComment(ada, "frist");
    expect(editedAt).toBeNull();
    await expect(services.comments.update(bob, id, "mine")).rejects.toMatchObject({ code: "forbidden" });
    await expect(services.comments.delete(bob, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await services.comments.update(ada, id, "first")).toMatchObject({
      text: "first",
      editedAt: expect.any(String),
    });
    await services.comments.delete({ ...bob, permissions: new Set(["members:write"]) }, id);
    expect((await services.comments.list(ada, { traceId, limit: 3 })).items).toEqual([]);
    expect(await actionsOf(ada)).toEqual(["comment.delete", "comment.update", "comment.create"]);
  });

  test("of another project does not exist and is not counted", async () => {
    const { commentId: id } = await addComment(ada, "ours");
    const other = { ...person(await newProject(), "ada"), permissions: ada.permissions };
    expect(await services.comments.list(other, { traceId, limit: 3 })).toMatchObject({ items: [], counts: [] });
    expect(await services.comments.count(other, [traceId])).toEqual({ items: [], nextCursor: null });
    await expect(services.comments.update(other, id, "theirs")).rejects.toMatchObject({ code: "not_found" });
    await expect(services.comments.delete(other, id)).rejects.toMatchObject({ code: "not_found" });
  });
});
