import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TrainingCheckpoint, TrainingEvent } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { placeOf, sizeOfFolder } from "../job/run-folder.ts";
import { isRemotePath, providerOf } from "../provider/remote-run.ts";
import { TRAINING_TIMING, type TrainingDeps } from "../stores/deps.ts";
import { createCheckpointStore, createEventStore } from "../stores/event-store.ts";
import { isActive } from "../stores/store.ts";
import { createRunPlaces } from "../trainer/run-place.ts";
import type { FindRun } from "./control-runs.ts";
import { createKeptCurves } from "./keep-curves.ts";
import { readRemoteLog } from "./read-log.ts";

type Query = {
  readonly after: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly type?: TrainingEvent["type"] | undefined;
};
const BATCH = 500;

/** A run's events, metrics, output and checkpoints. */
export function createRunReads(deps: TrainingDeps, find: FindRun) {
  const { db } = deps;
  const findPlace = createRunPlaces(deps);
  const { lookMs } = deps.timing ?? TRAINING_TIMING;
  const curves = createKeptCurves(createEventStore(db));

  return {
    async events(scope: Scope, id: string, { after, limit, cursor, type }: Query) {
      await find(scope, id);
      const from = cursor === undefined ? after : Math.max(after, seqOf(cursor));
      const events = await createEventStore(db).list(id, { after: from, limit: limit + 1, type });
      return toPage(events, limit, ({ seq }) => [seq]);
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
      const row = await find(scope, id);
      if (providerOf(row.config) !== null) return readRemoteLog(db, id, bytes);
      const { launcher } = await findPlace(row);
      return launcher.readLog(placeOf(deps.folder, row), bytes);
    },

    async checkpoints(scope: Scope, id: string): Promise<{ items: TrainingCheckpoint[] }> {
      const row = await find(scope, id);
      const { folder } = placeOf(deps.folder, row);
      const rows = await createCheckpointStore(db).list(id);
      const items = rows.map(async ({ step, path, evalLoss, isBest, createdAt }) => {
        const isRemote = isRemotePath(path);
        const sizeBytes = isRemote ? 0 : await sizeOfFolder(join(folder, path));
        return {
          step,
          evalLoss,
          isBest,
          sizeBytes,
          isThere: isRemote || sizeBytes > 0,
          createdAt: createdAt.toISOString(),
        };
      });
      return { items: await Promise.all(items) };
    },
  };

  async function* follow(scope: Scope, id: string, { from, signal }: { from: number; signal: AbortSignal }) {
    let after = from;
    while (!signal.aborted) {
      // In this order, because a run's events are written before its end.
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

function seqOf(cursor: string): number {
  const seq = Number(fromCursor(cursor, 1)[0]);
  if (Number.isInteger(seq) && seq >= 0 && seq < 2 ** 31) return seq;
  throw new AppError("invalid_request", {
    message: "The cursor does not belong to this list. Start again without a cursor.",
  });
}

function placeIn(lastEventId: string): number {
  const seq = Number(lastEventId);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw new AppError("invalid_request", { message: "Last-Event-ID: must be the number of an event, such as 42." });
}
