import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TrainingCheckpoint, TrainingEvent } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { FindRun } from "./control-runs.ts";
import { TRAINING_TIMING, type TrainingDeps } from "./deps.ts";
import { createCheckpointStore, createEventStore } from "./event-store.ts";
import { createKeptCurves } from "./keep-curves.ts";
import { placeOf, sizeOfFolder } from "./run-folder.ts";
import { isActive } from "./store.ts";

type Query = { readonly after: number; readonly limit: number; readonly type?: TrainingEvent["type"] | undefined };
const BATCH = 500;

/** What a run told, measured, printed and saved. */
export function createRunReads(deps: TrainingDeps, find: FindRun) {
  const { db, launcher } = deps;
  const { lookMs } = deps.timing ?? TRAINING_TIMING;
  const curves = createKeptCurves(createEventStore(db));

  return {
    async events(scope: Scope, id: string, query: Query) {
      await find(scope, id);
      const items = await createEventStore(db).list(id, query);
      return { items, nextAfter: items.length === query.limit ? (items.at(-1)?.seq ?? null) : null };
    },

    /** Events as they come, until the run has ended and all were given. */
    async watch(
      scope: Scope,
      id: string,
      { after, lastEventId, signal }: Watching,
    ): Promise<AsyncIterable<TrainingEvent>> {
      await find(scope, id);
      const from = lastEventId === undefined ? after : placeIn(lastEventId);
      return follow(scope, id, { from, signal });
    },

    async metrics(scope: Scope, id: string, points: number) {
      await find(scope, id);
      return { series: await curves.read(id, points) };
    },

    async logs(scope: Scope, id: string, bytes: number) {
      return launcher.readLog(placeOf(deps.folder, await find(scope, id)), bytes);
    },

    async checkpoints(scope: Scope, id: string): Promise<{ items: TrainingCheckpoint[] }> {
      const row = await find(scope, id);
      const { folder } = placeOf(deps.folder, row);
      const rows = await createCheckpointStore(db).list(id);
      const items = rows.map(async ({ step, path, evalLoss, isBest, createdAt }) => {
        const sizeBytes = await sizeOfFolder(join(folder, path));
        return { step, evalLoss, isBest, sizeBytes, isThere: sizeBytes > 0, createdAt: createdAt.toISOString() };
      });
      return { items: await Promise.all(items) };
    },
  };

  async function* follow(scope: Scope, id: string, { from, signal }: { from: number; signal: AbortSignal }) {
    let after = from;
    while (!signal.aborted) {
      // In this order: what a run told is written before its end is.
      const isOver = !isActive(await find(scope, id));
      const events = await createEventStore(db).list(id, { after, limit: BATCH });
      yield* events;
      after = events.at(-1)?.seq ?? after;
      if (events.length === BATCH) continue;
      if (isOver) return;
      await delay(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

type Watching = { readonly after: number; readonly lastEventId: string | undefined; readonly signal: AbortSignal };

function placeIn(lastEventId: string): number {
  const seq = Number(lastEventId);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw new AppError("invalid_request", { message: "Last-Event-ID: must be the number of an event, such as 42." });
}
