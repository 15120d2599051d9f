import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ScheduledExportInput } from "@treadle/contract";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import { openFolderObjects } from "../../../platform/objects/folder.ts";
import type { PostgresStore } from "../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../platform/postgres/testing/open-test-postgres.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createScheduledExports } from "./index.ts";
import type { SpanFiles } from "./write-spans.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-20T12:00:00.000Z");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let postgres: PostgresStore;
let folder: string;
let objects: Awaited<ReturnType<typeof openFolderObjects>>;
let now = NOON;
const clock = { now: () => now, elapsed: () => now };

/** Spans at these times. A file contains their times. */
let times: number[] = [];
let most = 100;
let problem: Error | null = null;
let meanwhile = async () => {};
const files: SpanFiles = {
  async parquetOf(_projectId, { from = "", to = "" }) {
    if (problem) throw problem;
    await meanwhile();
    const inside = times.filter((time) => time >= Date.parse(from) && time < Date.parse(to));
    return inside.length > most ? null : { rows: inside.length, bytes: Buffer.from(inside.join()) };
  },
};

beforeAll(async () => {
  postgres = await openTestPostgres();
  folder = await mkdtemp(join(tmpdir(), "treadle-exports-"));
  objects = await openFolderObjects(folder);
});
afterAll(async () => {
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
});

let scope: Scope;
/** The orders of jobs. */
const sent: { projectId: string; key?: string }[] = [];
const jobs: Pick<Jobs, "register" | "send"> = {
  register() {},
  async send(_tx, { projectId }, { key }) {
    sent.push({ projectId, ...(key !== undefined && { key }) });
    return "job_1";
  },
};
let exports: ReturnType<typeof createScheduledExports>;
beforeEach(async () => {
  [now, times, most, problem] = [NOON, [], 100, null];
  meanwhile = async () => {};
  await postgres.db.execute(sql`DELETE FROM scheduled_exports`);
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  scope = { projectId, actor: "user_ada", userId: "user_ada", permissions: new Set() };
  const audit = createAudit({ db: postgres.db, clock });
  exports = createScheduledExports({ db: postgres.db, objects, audit, files, jobs, clock, log: silent });
});

const writeDue = () => exports.writeDue(scope, new AbortController().signal);
const create = (more = {}) =>
  exports.create(scope, {
    name: "hourly",
    every: "hour",
    filter: "",
    includesContent: true,
    keepFiles: 10,
    isEnabled: true,
    ...more,
  });
const listFiles = async (id: string) => (await exports.listFiles(scope, id, { limit: 50 })).items;
const contentOf = async (fileId: string) => (await buffer((await exports.openFile(scope, fileId)).content)).toString();

test("each hour becomes a file once it is over and spans that come late have come", async () => {
  times = [NOON + 1, NOON + HOUR - 1, NOON + HOUR];
  const { scheduledExportId: id } = await create();
  now = NOON + HOUR + 60_000;
  await writeDue();
  expect(await listFiles(id)).toEqual([]);
  now = NOON + HOUR + 6 * 60_000;
  await writeDue();
  await writeDue();
  const [file, ...others] = await listFiles(id);
  expect(others).toEqual([]);
  expect(file).toMatchObject({ rows: 2, from: "2026-11-20T12:00:00.000Z", to: "2026-11-20T13:00:00.000Z" });
  expect(await contentOf(file?.fileId ?? "")).toBe(`${NOON + 1},${NOON + HOUR - 1}`);
});

test("hours that were missed are caught up, and hours without spans have no file", async () => {
  times = [NOON + 1, NOON + 3 * HOUR];
  const { scheduledExportId: id } = await create();
  now = NOON + 5 * HOUR;
  await writeDue();
  expect((await listFiles(id)).map(({ from }) => from)).toEqual([
    "2026-11-20T15:00:00.000Z",
    "2026-11-20T12:00:00.000Z",
  ]);
  expect((await exports.list(scope))[0]?.nextFrom).toBe("2026-11-20T16:00:00.000Z");
});

test("what one file cannot hold is several, which together hold each span once", async () => {
  most = 3;
  times = Array.from({ length: 10 }, (_, index) => NOON + index * 60_000);
  const { scheduledExportId: id } = await create();
  now = NOON + 2 * HOUR;
  await writeDue();
  const written = await listFiles(id);
  expect(written.length).toBeGreaterThan(3);
  const contents = await Promise.all(written.map((file) => contentOf(file.fileId)));
  expect(contents.flatMap((text) => text.split(",").map(Number)).sort()).toEqual(times);
});

test("the oldest files above the limit are deleted, with their content", async () => {
  times = [NOON, NOON + HOUR, NOON + 2 * HOUR];
  const { scheduledExportId: id } = await create({ keepFiles: 10 });
  now = NOON + 2 * HOUR;
  await writeDue();
  const [first] = await listFiles(id);
  await exports.update(scope, id, { keepFiles: 1 });
  now = NOON + 4 * HOUR;
  await writeDue();
  expect((await listFiles(id)).map(({ from }) => from)).toEqual(["2026-11-20T14:00:00.000Z"]);
  expect(await objects.has(first?.sha256 ?? "")).toBe(false);
});

test("a pause or a change during a catch-up holds from the next hour on", async () => {
  times = [NOON, NOON + HOUR, NOON + 2 * HOUR];
  const { scheduledExportId: id } = await create();
  now = NOON + 4 * HOUR;
  meanwhile = async () => void (await exports.update(scope, id, { isEnabled: false }));
  await writeDue();
  expect(await listFiles(id)).toHaveLength(1);
  meanwhile = async () => {};
  await exports.update(scope, id, { isEnabled: true });
  await writeDue();
  expect(await listFiles(id)).toHaveLength(3);
});

test("an export that is deleted while it writes leaves nothing behind", async () => {
  times = [NOON];
  const { scheduledExportId: id } = await create();
  now = NOON + 2 * HOUR;
  meanwhile = () => exports.delete(scope, id);
  await writeDue();
  expect(await exports.list(scope)).toEqual([]);
  expect(await objects.has(hash("sha256", `${NOON}`))).toBe(false);
});

test("an hour that cannot be written is tried again later, and says why meanwhile", async () => {
  times = [NOON];
  const { scheduledExportId: id } = await create();
  problem = new Error("the store is away");
  now = NOON + 2 * HOUR;
  await writeDue();
  expect((await exports.list(scope))[0]).toMatchObject({ lastError: "the store is away" });
  problem = null;
  await writeDue();
  expect(await listFiles(id)).toEqual([]);
  now += 60_000;
  await writeDue();
  expect(await listFiles(id)).toHaveLength(1);
  expect((await exports.list(scope))[0]?.lastError).toBe("");
});

test("deleting an export deletes its files; another project's files are not there", async () => {
  times = [NOON];
  const { scheduledExportId: id } = await create();
  now = NOON + 2 * HOUR;
  await writeDue();
  const [file] = await listFiles(id);
  const stranger = { ...scope, projectId: newId("proj") };
  await expect(exports.openFile(stranger, file?.fileId ?? "")).rejects.toMatchObject({ code: "not_found" });
  await expect(exports.delete(stranger, id)).rejects.toMatchObject({ code: "not_found" });
  await exports.delete(scope, id);
  expect(await objects.has(file?.sha256 ?? "")).toBe(false);
  await expect(exports.openFile(scope, file?.fileId ?? "")).rejects.toMatchObject({ code: "not_found" });
});

test("a first period out of bounds is refused, and a bad row that is stored already does not break the list", async () => {
  for (const since of ["0020-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "2199-01-01T00:00:00Z"])
    await expect(create({ since })).rejects.toMatchObject({ code: "invalid_request" });
  expect(ScheduledExportInput.safeParse({ name: "odd", since: "0020-01-01T00:00:00Z" }).success).toBe(false);
  const good = await create();
  const bad = await create({ name: "bad" });
  await postgres.db.execute(
    sql`UPDATE scheduled_exports SET next_from = '0020-01-01T00:00:00Z' WHERE id = ${bad.scheduledExportId}`,
  );
  const items = await exports.list(scope);
  expect(items.map(({ scheduledExportId }) => scheduledExportId).sort()).toEqual(
    [good.scheduledExportId, bad.scheduledExportId].sort(),
  );
  await writeDue();
  await exports.delete(scope, bad.scheduledExportId);
  expect((await exports.list(scope)).map(({ scheduledExportId }) => scheduledExportId)).toEqual([
    good.scheduledExportId,
  ]);
});

test("a job of the project writes its exports: asked for at creation, when enabled again and at the start", async () => {
  sent.length = 0;
  const { scheduledExportId: id } = await create();
  await exports.update(scope, id, { isEnabled: false });
  expect(sent).toHaveLength(1);
  await exports.start();
  expect(sent).toHaveLength(1);
  await exports.update(scope, id, { isEnabled: true });
  await exports.start();
  expect(sent).toEqual(Array.from({ length: 3 }, () => ({ projectId: scope.projectId, key: "scheduled-exports" })));
});

test("a job that is stopped writes nothing more and counts no failure", async () => {
  times = [NOON, NOON + HOUR];
  const { scheduledExportId: id } = await create();
  now = NOON + 4 * HOUR;
  const stopping = new AbortController();
  meanwhile = async () => stopping.abort();
  await expect(exports.writeDue(scope, stopping.signal)).rejects.toThrow();
  expect(await listFiles(id)).toHaveLength(1);
  expect((await exports.list(scope))[0]).toMatchObject({ lastError: "" });
});
