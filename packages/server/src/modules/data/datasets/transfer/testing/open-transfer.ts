import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  DatasetExportInput,
  DatasetExportResult,
  DatasetImportInput,
  DatasetSchema,
  PERMISSIONS,
} from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Clock } from "../../../../../kernel/clock.ts";
import { newId } from "../../../../../kernel/ids.ts";
import { messageOf } from "../../../../../kernel/message-of.ts";
import type { Scope } from "../../../../../kernel/scope.ts";
import type { Jobs } from "../../../../../platform/jobs/port.ts";
import { openFolderObjects } from "../../../../../platform/objects/folder.ts";
import { openTestPostgres } from "../../../../../platform/postgres/testing/open-test-postgres.ts";
import { createItemStreams } from "../../chunks/item-streams.ts";
import { createManifests } from "../../chunks/manifest.ts";
import { createDrafts } from "../../drafts/drafts-service.ts";
import { createDraftMoves } from "../../drafts/move-drafts.ts";
import { createPlaces } from "../../drafts/resolve-ref.ts";
import { createBranchStore } from "../../stores/branch-store.ts";
import { createDatasetStore } from "../../stores/store.ts";
import { createTransfer } from "../service.ts";

type Order = Parameters<Jobs["send"]>[2];
type Handler = Parameters<Jobs["register"]>[1];

export const scopeOf = (projectId: string): Scope => ({
  projectId,
  actor: "user_a",
  userId: "user_a",
  permissions: new Set(PERMISSIONS),
});

/** Jobs that run when a test says so. */
function createTestJobs() {
  const handlers = new Map<string, Handler>();
  const orders = new Map<string, { readonly order: Order; readonly scope: Scope }>();
  return {
    register: (kind: { readonly name: string }, handler: unknown) => void handlers.set(kind.name, handler as Handler),
    async send(_tx: unknown, scope: Scope, order: unknown) {
      const jobId = newId("job");
      orders.set(jobId, { order: order as Order, scope });
      return jobId;
    },
    async run(jobId: string, signal = new AbortController().signal): Promise<unknown> {
      const { order, scope } = orders.get(jobId) ?? {};
      const handler = handlers.get(order?.kind.name ?? "");
      if (!order || !scope || !handler) throw new Error(`there is no job ${jobId}`);
      const payload = order.kind.payload.parse(order.payload);
      return handler.run({ jobId, scope, payload, state: null, signal, report() {}, async save() {} });
    },
  };
}

async function openStores() {
  const folder = await mkdtemp(join(tmpdir(), "treadle-transfer-"));
  const postgres = await openTestPostgres();
  const { db } = postgres;
  await db.execute(
    sql`INSERT INTO projects (id, name, created_at) VALUES ('prj_a', 'A', now()), ('prj_b', 'B', now())`,
  );
  const objects = await openFolderObjects(folder);
  const close = async () => {
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { db, objects, close };
}

function createParts({ db, objects }: Awaited<ReturnType<typeof openStores>>, clock: Clock) {
  const audit = { record: async () => undefined };
  const manifests = createManifests(objects);
  const places = createPlaces({ db, manifests });
  const streams = createItemStreams({ db, objects, manifests, clock });
  const namesOf = async () => new Map<string, string>();
  const drafts = createDrafts({ db, places, audit, clock, namesOf, sendIndexing: async () => undefined });
  const jobs = createTestJobs();
  const port = jobs as unknown as Jobs;
  const transfer = createTransfer({ db, objects, jobs: port, audit, clock, streams, manifests, places, drafts });
  return { places, moves: createDraftMoves({ db, audit, clock, drafts }), jobs, transfer };
}

/** Imports and exports over a real database and a real folder. */
export async function openTransfer() {
  const stores = await openStores();
  const { db, objects, close } = stores;
  let now = Date.parse("2026-11-01T00:00:00Z");
  const parts = createParts(stores, { now: () => now, elapsed: () => now });
  const { transfer, jobs, places, moves } = parts;
  const scope = scopeOf("prj_a");

  async function send(name: string, bytes: Buffer | string): Promise<string> {
    const { fileId } = await transfer.files.create(scope, { name });
    await transfer.files.putPart(scope, { fileId, part: 0 }, Buffer.from(bytes));
    await transfer.files.complete(scope, fileId, { parts: 1 });
    return fileId;
  }

  /** Imports a file, and returns the import's record and the reason if its job failed. */
  async function importFile(datasetId: string, fileId: string, input: Partial<DatasetImportInput> = {}) {
    const given = DatasetImportInput.parse({ fileId, ...input });
    const { importId, jobId } = await transfer.startImport(scope, datasetId, given);
    const failure = await jobs.run(jobId).then(
      () => null,
      (error: unknown) => messageOf(error),
    );
    return { ...(await transfer.getImport(scope, importId)), failure };
  }

  async function exportFile(datasetId: string, input: z.input<typeof DatasetExportInput> = {}) {
    const given = DatasetExportInput.parse({ version: "draft", ...input });
    const { jobId } = await transfer.startExport(scope, datasetId, given);
    const result = DatasetExportResult.parse(await jobs.run(jobId));
    const { content } = await transfer.files.open(scope, result.fileId);
    return { ...result, bytes: await buffer(Readable.from(content.read())) };
  }

  async function makeDataset(schema: Partial<DatasetSchema> = {}): Promise<string> {
    const id = newId("ds");
    const by = { createdBy: "user_a", createdAt: new Date(now), updatedAt: new Date(now) };
    const facts = { name: id, description: "", isEvaluation: false, secret: "s", schema: DatasetSchema.parse(schema) };
    await createDatasetStore(db).create({ id, projectId: scope.projectId, ...facts, ...by });
    const main = { name: "main", head: null, base: null, revision: 0, applied: 0 };
    await createBranchStore(db).create({ projectId: scope.projectId, datasetId: id, ...main, ...by });
    return id;
  }

  async function rootOf(datasetId: string): Promise<{ root: string; rows: number }> {
    const { root, rows } = (await places.head(scope, datasetId, "main")).manifest;
    return { root, rows };
  }

  function forward(ms: number) {
    now += ms;
  }
  return { scope, objects, transfer, moves, jobs, send, importFile, exportFile, makeDataset, rootOf, forward, close };
}
