import {
  type GuardExample,
  type GuardPreview,
  type guardPreviewsApi,
  type JobStatus,
  type ParsedOf,
  PREVIEW_DAYS,
} from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { PreviewDeps } from "./deps.ts";
import { type PlannedPreview, type PreviewInput, planPreview } from "./plan-preview.ts";
import { createRunPreview, previewJob } from "./run-preview.ts";
import { createPreviewStore, type PreviewHead } from "./store.ts";

type Query = ParsedOf<(typeof guardPreviewsApi)["GET /api/v1/guard-previews"]>["query"];

/** What rules would have done to the stored calls of the gateway. */
export function createGuardPreviews(deps: PreviewDeps) {
  deps.jobs.register(previewJob, createRunPreview(deps));
  const { get, list } = createReads(deps);
  return {
    get,
    list,
    /** The examples of a finished preview. Throws `conflict` if it has none yet. */
    async listExamples(scope: Scope, previewId: string): Promise<readonly GuardExample[]> {
      const { result } = await get(scope, previewId);
      if (result) return result.examples;
      throw new AppError("conflict", { message: "The preview of guards has no result. Wait until its job is done." });
    },
    async create(scope: Scope, input: PreviewInput): Promise<GuardPreview> {
      checkMayRead(scope);
      const planned = await planPreview(deps, scope, input);
      const previewId = await createOne(deps, scope, planned);
      sweep(deps);
      return get(scope, previewId);
    },
    /** Deletes a preview. Its job ends if it is running. */
    async delete(scope: Scope, previewId: string): Promise<void> {
      const row = await createPreviewStore(deps.db).delete(scope.projectId, previewId);
      if (!row) throw notFound("preview of guards", previewId);
      await deps.audit.record(scope, { action: "guard-preview.delete", target: previewId });
      if (row.result === null) await cancel(deps, scope, row.jobId);
    },
  };
}
export type GuardPreviews = ReturnType<typeof createGuardPreviews>;

function checkMayRead({ permissions }: Scope): void {
  if (!permissions.has("traces:read"))
    throw new AppError("forbidden", {
      message: "To read the stored calls, a preview needs the permission `traces:read` too.",
    });
}

async function createOne(
  { db, jobs, audit, clock }: PreviewDeps,
  scope: Scope,
  planned: PlannedPreview,
): Promise<string> {
  const { projectId, actor: createdBy } = scope;
  const id = newId("gprv", clock.now());
  const times = { createdAt: new Date(clock.now()), expiresAt: new Date(clock.now() + PREVIEW_DAYS * DAY_MS) };
  await db.transaction(async (tx) => {
    const order = { kind: previewJob, payload: { previewId: id }, title: "Preview of guards", subject: id };
    const jobId = await jobs.send(tx, scope, order);
    const row = { id, projectId, ...planned, result: null, jobId, createdBy, ...times };
    await createPreviewStore(tx).create(row);
    const { policyId, version } = planned;
    const details = { policyId, version, jobId };
    await audit.record(scope, { action: "guard-preview.create", target: id, details }, tx);
  });
  return id;
}

function createReads({ db, jobs, clock }: PreviewDeps) {
  const store = createPreviewStore(db);
  const now = () => new Date(clock.now());
  const present = async (scope: Scope, row: PreviewHead) => toPreview(row, await endOf(jobs, scope, row));
  return {
    async get(scope: Scope, previewId: string): Promise<GuardPreview> {
      const row = await store.find(scope.projectId, previewId, now());
      if (!row) throw notFound("preview of guards", previewId);
      const { result, ...head } = row;
      return { ...(await present(scope, { ...head, affected: result?.affected ?? null })), result };
    },
    async list(scope: Scope, { limit, cursor, ...only }: Query) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await store.list(scope.projectId, { limit: limit + 1, before, now: now(), ...only });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await Promise.all(page.items.map((row) => present(scope, row))) };
    },
  };
}

type End = Pick<GuardPreview, "state" | "error">;
const STATES: Readonly<Record<JobStatus, GuardPreview["state"]>> = {
  queued: "running",
  running: "running",
  // The result is stored before the job ends.
  done: "running",
  failed: "failed",
  cancelled: "cancelled",
};

/** The state of the job, which can be repeated after it failed. */
async function endOf(jobs: PreviewDeps["jobs"], scope: Scope, { affected, jobId }: PreviewHead): Promise<End> {
  if (affected) return { state: "done", error: null };
  const job = await orNull(jobs.get(scope, jobId));
  if (!job) return { state: "failed", error: "The job of the preview no longer exists. Start another preview." };
  const state = STATES[job.status];
  return { state, error: state === "failed" ? (job.error?.message ?? null) : null };
}

function toPreview({ id, projectId: _, plan, ...row }: PreviewHead, end: End): GuardPreview {
  const { endpoint: _endpoint, ...shown } = plan;
  return {
    previewId: id,
    ...row,
    ...shown,
    ...end,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    result: null,
  };
}

async function cancel({ jobs }: PreviewDeps, scope: Scope, jobId: string): Promise<void> {
  try {
    await jobs.cancel(scope, jobId);
  } catch (error) {
    // The job has ended, or is gone.
    if (!(error instanceof AppError) || !["conflict", "not_found"].includes(error.code)) throw error;
  }
}

/** Deletes results that have expired. A failure is no reason to reject the new preview. */
function sweep({ db, clock, log }: PreviewDeps): void {
  createPreviewStore(db)
    .deleteExpired(new Date(clock.now()))
    .catch((error: unknown) => log.warn({ error }, "expired previews of guards could not be deleted"));
}

/** Null for what was deleted. */
async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
