import { SLO_BURN_MINUTES, type Slo, type SloDay, StatusPageInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../../system/audit/index.ts";
import { computeDays, computeStatus } from "../compute-status.ts";
import type { StatusDeps } from "./deps.ts";
import { renderPage } from "./render-page.ts";
import { createStatusPages } from "./status-service.ts";

const NOW = Date.parse("2026-11-20T12:00:00.000Z");
const GOAL = { objective: 0.99, windowDays: 28 } as const;
let now = NOW;
const clock = { now: () => now, elapsed: () => now };
let postgres: PostgresStore;
let scope: Scope;
let incidents: ("info" | "warning" | "critical")[];
let isActive: boolean;
/** The counts of the last hour and of the days. */
let counted: { hour: [n: number, bad: number]; days: [day: string, n: number, bad: number][] };
let pages: ReturnType<typeof createStatusPages>;

beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());
beforeEach(async () => {
  [now, incidents, isActive] = [NOW, [], true];
  counted = { hour: [100, 0], days: [["2026-11-20", 4_321, 1]] };
  const projectId = newId("proj");
  await postgres.db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Secret Project', now())`,
  );
  scope = { projectId, actor: "user_ada", userId: "user_ada", permissions: new Set() };
  pages = createStatusPages(deps());
});

const PLANTED = ["plantedFilter", "plantedEndpoint", "plantedSlo", "plantedScore", "plantedLabel", "plantedRunbook"];

const deps = (): StatusDeps => ({
  db: postgres.db,
  audit: createAudit({ db: postgres.db, clock }),
  clock,
  openIncidents: async (_projectId, endpoint) => (endpoint === "plantedEndpoint" ? incidents : []),
  isProjectActive: async () => isActive,
  slos: { readHistory: async (_scope, sloId) => ({ slo: slo(sloId), days: history() }) },
});

const counts = () => ({
  days: counted.days.map(([day, n, bad]) => ({ day, requests: n, n, bad, judged: 0, judgedBad: 0 })),
  windows: [...SLO_BURN_MINUTES, 5, 30, 120].map((minutes) => ({ minutes, n: counted.hour[0], bad: counted.hour[1] })),
});
const history = (): SloDay[] => computeDays(GOAL, counts(), { from: "2026-11-18", to: "2026-11-20" });

function slo(sloId: string): Slo {
  if (sloId !== "slo_1") throw notFound("SLO", sloId);
  return {
    sloId,
    name: "plantedSlo",
    description: "plantedSlo",
    endpoint: "plantedEndpoint",
    filter: "model:plantedFilter",
    counts: "calls",
    indicator: { kind: "score", score: "plantedScore", least: 0.123456 },
    ...GOAL,
    alerts: { isEnabled: true, labels: { team: "plantedLabel" }, runbookUrl: "https://plantedRunbook.example" },
    monitorId: "mon_1",
    notices: [],
    status: computeStatus(GOAL, counts(), now),
    judge: null,
    createdBy: "user_ada",
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
  };
}

const page = (more: object = {}) =>
  StatusPageInput.parse({
    isEnabled: true,
    title: "Shop",
    components: [{ name: "Answers", sloId: "slo_1" }],
    ...more,
  });
let address = 0;
const read = (slug: string | null) => pages.readPublic(slug ?? "", `10.0.0.${address++}`);
const MISSING = { code: "not_found", message: "There is no status page at this address." };

test("a page is off until it is turned on, under an address that cannot be guessed", async () => {
  expect(await pages.getPage(scope)).toMatchObject({ isEnabled: false, slug: null, path: null });
  const { slug, path } = await pages.updatePage(scope, page());
  expect(slug).toMatch(/^[0-9a-f]{32}$/);
  expect(path).toBe(`/status/${slug}`);
  expect(await read(slug)).toMatchObject({ title: "Shop", state: "operational", components: [{ name: "Answers" }] });
  expect((await pages.updatePage(scope, page())).slug).toBe(slug);
  await pages.updatePage(scope, page({ isEnabled: false }));
  await expect(read(slug)).rejects.toMatchObject(MISSING);
});

test("an unknown address and an archived project have no page", async () => {
  await expect(read("unknown")).rejects.toMatchObject(MISSING);
  const { slug } = await pages.updatePage(scope, page());
  isActive = false;
  await expect(read(slug)).rejects.toMatchObject(MISSING);
});

test("a page shows nothing internal", async () => {
  const { slug } = await pages.updatePage(scope, page());
  await pages.createNote(scope, { title: "Slow", components: ["Answers"], state: "investigating", text: "We look." });
  const status = await read(slug);
  for (const text of [JSON.stringify(status), renderPage(status)]) {
    for (const name of [
      ...PLANTED,
      scope.projectId,
      "Secret Project",
      "user_ada",
      "slo_1",
      "mon_1",
      "4321",
      "0.123456",
      "note_",
    ])
      expect(text, name).not.toContain(name);
    expect(text).not.toContain("cost");
  }
  await pages.updatePage(scope, page({ showsRequests: true }));
  expect(renderPage(await read(slug))).toContain("<td>4321</td>");
});

test("incidents and the last hour decide the present state", async () => {
  const { slug } = await pages.updatePage(scope, page());
  const stateNow = async () => {
    now += 60_000;
    return (await read(slug)).components[0]?.state;
  };
  expect(await stateNow()).toBe("operational");
  incidents = ["info", "warning"];
  expect(await stateNow()).toBe("degraded");
  incidents = ["critical"];
  expect(await stateNow()).toBe("outage");
  incidents = [];
  counted.hour = [100, 30];
  expect(await stateNow()).toBe("degraded");
  counted.hour = [100, 70];
  expect(await stateNow()).toBe("outage");
  counted = { hour: [0, 0], days: [] };
  expect(await stateNow()).toBe("unknown");
});

test("an open note shows its components as degraded until the cause is fixed", async () => {
  const { slug } = await pages.updatePage(scope, page());
  const note = { title: "Slow", components: ["Answers"], state: "identified" as const, text: "We know why." };
  const { noteId } = await pages.createNote(scope, note);
  expect(await read(slug)).toMatchObject({ state: "degraded", components: [{ state: "degraded" }] });
  await pages.addUpdate(scope, noteId, { state: "monitoring", text: "Fixed. We watch it." });
  expect(await read(slug)).toMatchObject({ state: "operational", components: [{ state: "operational" }] });
});

test("a day is marked only if its requests are certain, and uptime is never rounded up to 100 %", async () => {
  counted.days = [
    ["2026-11-18", 50, 1],
    ["2026-11-19", 100_000, 1],
    ["2026-11-20", 1_000, 700],
  ];
  const { slug } = await pages.updatePage(scope, page());
  expect((await read(slug)).components[0]?.days).toEqual([
    { day: "2026-11-18", state: "operational", uptime: 0.98, requests: null },
    { day: "2026-11-19", state: "operational", uptime: 0.9999, requests: null },
    { day: "2026-11-20", state: "outage", uptime: 0.3, requests: null },
  ]);
});

test("a response is cached for a minute, and a change of the project shows immediately", async () => {
  const { slug } = await pages.updatePage(scope, page());
  const first = await read(slug);
  incidents = ["critical"];
  now += 59_000;
  expect(await read(slug)).toBe(first);
  await pages.createNote(scope, { title: "Slow", components: [], state: "identified", text: "We know why." });
  expect(await read(slug)).toMatchObject({ state: "outage", notes: [{ title: "Slow" }] });
});

test("an address that asks too often has to wait", async () => {
  const { slug } = await pages.updatePage(scope, page());
  for (let count = 0; count < 120; count++) await pages.readPublic(slug ?? "", "192.0.2.1");
  await expect(pages.readPublic(slug ?? "", "192.0.2.1")).rejects.toMatchObject({ code: "rate_limited" });
});

test("notes have updates, newest first, and a resolved note is a past incident", async () => {
  const { slug } = await pages.updatePage(scope, page());
  const { noteId } = await pages.createNote(scope, {
    title: "<b>Slow</b>",
    components: [],
    state: "investigating",
    text: "<script>alert(1)</script>",
  });
  now += 60_000;
  await pages.addUpdate(scope, noteId, { state: "resolved", text: "Fixed." });
  const status = await read(slug);
  expect(status.notes).toMatchObject([
    { state: "resolved", updates: [{ text: "Fixed." }, { state: "investigating" }], resolvedAt: expect.any(String) },
  ]);
  const html = renderPage(status);
  expect(html).toContain("&lt;b&gt;Slow&lt;/b&gt;");
  expect(html).not.toMatch(/<script|<b>|style=/);
  expect((await pages.listNotes(scope, { limit: 10 })).items).toHaveLength(1);
  await pages.deleteNote(scope, noteId);
  await expect(pages.deleteNote(scope, noteId)).rejects.toMatchObject({ code: "not_found" });
});

test("bad settings are refused with what to change", async () => {
  const slugError = (slug: string) =>
    StatusPageInput.safeParse({ isEnabled: true, title: "A", slug }).error?.issues[0]?.path;
  for (const slug of ["ab", "-shop", "Shop", "a b c", "../admin"]) expect(slugError(slug), slug).toEqual(["slug"]);
  const two = [
    { name: "Answers", sloId: "slo_1" },
    { name: "Answers", sloId: "slo_1" },
  ];
  await expect(pages.updatePage(scope, page({ components: two }))).rejects.toMatchObject({ code: "invalid_request" });
  const unknown = [{ name: "Answers", sloId: "slo_2" }];
  await expect(pages.updatePage(scope, page({ components: unknown }))).rejects.toMatchObject({ code: "not_found" });
  await pages.updatePage(scope, page());
  await expect(
    pages.createNote(scope, { title: "Slow", components: ["Search"], state: "identified", text: "We know." }),
  ).rejects.toMatchObject({ code: "unprocessable", message: expect.stringContaining("Its components: Answers.") });
});

test("two projects cannot have one address, and their notes are separate", async () => {
  const taken = `shop-${newId("x").slice(-8)}`;
  await pages.updatePage(scope, page({ slug: taken }));
  const { noteId } = await pages.createNote(scope, {
    title: "Slow",
    components: [],
    state: "identified",
    text: "We know.",
  });
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Other', now())`);
  const other = { ...scope, projectId };
  await expect(pages.updatePage(other, page({ slug: taken }))).rejects.toMatchObject({ code: "conflict" });
  expect((await pages.listNotes(other, { limit: 10 })).items).toEqual([]);
  await expect(pages.addUpdate(other, noteId, { state: "resolved", text: "x" })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(pages.deleteNote(other, noteId)).rejects.toMatchObject({ code: "not_found" });
});
