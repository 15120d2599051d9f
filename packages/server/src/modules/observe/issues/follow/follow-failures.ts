import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import { createCountStore } from "../stores/count-store.ts";
import type { IssuesDeps } from "../stores/deps.ts";
import { createFailureStore } from "../stores/failure-store.ts";
import { createFollowStore } from "../stores/follow-store.ts";
import { createPreparing } from "./prepare-batch.ts";
import { readBatch } from "./read-batch.ts";
import { createRecording } from "./record-failures.ts";

export const FOLLOW_KIND: JobKind<object, null> = { name: "issues", payload: z.object({}), state: z.null() };

const MOST_MS = 20_000;
const RETAINED_DAYS = 120;

type Following = JobHandler<object, null> & {
  /** Groups one batch. */
  step(scope: Scope, signal: AbortSignal): Promise<{ counted: number; isDone: boolean }>;
};

/** Groups what failed since last time. A batch and the new position are stored together, so that each failure counts once. */
export function createFollowing(deps: IssuesDeps): Following {
  const { db, clock } = deps;
  const step = createStep(deps);
  return {
    step,
    async run({ scope, signal }) {
      const until = clock.elapsed() + MOST_MS;
      for (let isDone = false; !isDone && clock.elapsed() < until; ) {
        signal.throwIfAborted();
        ({ isDone } = await step(scope, signal));
      }
      const before = new Date(clock.now() - RETAINED_DAYS * DAY_MS);
      await createCountStore(db).deleteHoursBefore(scope.projectId, before);
      return null;
    },
  };
}

function createStep({ db, traces, ...deps }: IssuesDeps): Following["step"] {
  const failures = createFailureStore(deps);
  const prepare = createPreparing({ db, ...deps }, failures);
  const record = createRecording(deps);
  return async (scope, signal) => {
    const row = await createFollowStore(db).find(scope.projectId);
    if (!row?.settings.isEnabled) return { counted: 0, isDone: true };
    const { failures: found, places, isFull } = await readBatch(failures, traces, row);
    if (Object.keys(places).length === 0) return { counted: 0, isDone: true };
    const batch = await prepare(row, found, signal);
    const counted = await db.transaction(async (tx) => {
      // Another process or a person was faster: the batch is read again.
      if (!(await createFollowStore(tx).advance(row, places))) return null;
      return found.length === 0 ? 0 : record(tx, scope, batch);
    });
    return { counted: counted ?? 0, isDone: counted !== null && !isFull };
  };
}
