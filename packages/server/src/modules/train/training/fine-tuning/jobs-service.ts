import type { FineTuningRequest } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FindRun, RunControls } from "../runs/control-runs.ts";
import {
  checkpointIdOf,
  eventIdOf,
  presentCheckpoint,
  presentEvent,
  presentJob,
  seqOfEventId,
} from "../runs/present-job.ts";
import { startRun } from "../runs/start-run.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createCheckpointStore, createEventStore } from "../stores/event-store.ts";
import { createRunStore } from "../stores/store.ts";
import { configOfRequest } from "./config-of-request.ts";
import { listOf } from "./files-service.ts";

type Page = { readonly after?: string | undefined; readonly limit?: number | undefined };
type Runs = { readonly find: FindRun; readonly controls: Pick<RunControls, "cancel" | "pause" | "resume"> };

const USUAL = 20;
/** Greater than any number of an event. */
const NEWEST = 2 ** 31 - 1;

/** Training runs in the shapes of OpenAI's fine-tuning API. */
export function createFineTuning(deps: TrainingDeps, { find, controls }: Runs) {
  const { db, clock } = deps;
  const present = (row: Parameters<typeof presentJob>[0]) => presentJob(row, clock.now());

  return {
    async create(scope: Scope, request: FineTuningRequest) {
      const config = configOfRequest(request);
      const { model, training_file, validation_file, method, suffix, metadata } = request;
      const row = await startRun(deps, scope, {
        config,
        requestId: null,
        metadata: metadata ?? {},
        wire: {
          model,
          trainingFile: training_file,
          validationFile: validation_file ?? null,
          method: method ?? null,
          suffix: suffix ?? null,
        },
      });
      return present(row);
    },

    get: async (scope: Scope, id: string) => present(await find(scope, id)),
    cancel: async (scope: Scope, id: string) => present(await controls.cancel(scope, id)),
    pause: async (scope: Scope, id: string) => present(await controls.pause(scope, id)),
    resume: async (scope: Scope, id: string) => present(await controls.resume(scope, id)),

    /** Newest first. */
    async list(scope: Scope, { after, limit = USUAL }: Page) {
      const last = after === undefined ? null : await find(scope, after);
      const place = last && ([last.createdAt.toISOString(), last.id] as const);
      const rows = await createRunStore(db).list(scope.projectId, { search: "" }, { limit: limit + 1, after: place });
      return listOf(rows.slice(0, limit).map(present), rows.length > limit);
    },

    /** Newest first. The oldest event is the creation of the job. */
    async events(scope: Scope, id: string, { after, limit = USUAL }: Page) {
      const row = await find(scope, id);
      const before = after === undefined ? NEWEST : seqIn(after);
      const events = await createEventStore(db).listBefore(id, before, limit + 1);
      const created = {
        object: "fine_tuning.job.event",
        id: eventIdOf(id, 0),
        level: "info",
        type: "message",
        data: null,
        created_at: Math.floor(row.createdAt.getTime() / 1_000),
        message: `Created fine-tuning job: ${id}`,
      };
      const all = [...events.map((event) => presentEvent(id, event)), ...(before > 0 ? [created] : [])];
      return listOf(all.slice(0, limit), all.length > limit);
    },

    /** Newest first. */
    async checkpoints(scope: Scope, id: string, { after, limit = 10 }: Page) {
      const row = await find(scope, id);
      const rows = await createCheckpointStore(db).list(id);
      const from = after === undefined ? 0 : rows.findIndex(({ step }) => checkpointIdOf(id, step) === after) + 1;
      if (after !== undefined && from === 0) throw notFound("checkpoint", after);
      const page = rows.slice(from, from + limit);
      return listOf(
        page.map((checkpoint) => presentCheckpoint(row, checkpoint)),
        rows.length > from + limit,
      );
    },
  };
}

function seqIn(after: string): number {
  const seq = seqOfEventId(after);
  if (Number.isSafeInteger(seq)) return seq;
  throw new AppError("invalid_request", {
    message: `after: there is no event "${after}".`,
    details: { param: "after" },
  });
}
