import { PERMISSIONS } from "@treadle/contract";
import type { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../postgres/port.ts";
import { createHeldStore, type Held } from "./held-store.ts";
import type { JobHandler, JobKind, JobRun } from "./port.ts";
import { createProgress } from "./progress.ts";

import type { JobRow } from "./store.ts";

/** Why a run was stopped. `paused`: its project was archived or deleted. `lost`: another process may have the job. */
export type StopReason = "cancelled" | "paused" | "stopping" | "lost";

/** A handler whose types are known to itself alone. */
export type Registered = {
  readonly concurrency: number;
  readonly maxTries: number | undefined;
  isWhole(result: unknown): boolean;
  start(row: JobRow, tools: RunTools): Promise<unknown>;
};
type RunTools = Pick<JobRun<unknown, unknown>, "signal" | "report"> & {
  save(state: unknown, tx?: Postgres): Promise<void>;
};

const SYSTEM = new Set(PERMISSIONS);

export const toRegistered = <Payload, State>(
  kind: JobKind<Payload, State>,
  { concurrency = 1, maxTries, isWhole = () => true, run }: JobHandler<Payload, State>,
): Registered => ({
  concurrency,
  maxTries,
  isWhole,
  async start(row, tools) {
    const payload = read(kind.payload, row.payload);
    const state = row.state === null ? null : read(kind.state, row.state);
    return run({ ...tools, jobId: row.id, scope: scopeOf(row), payload, state });
  },
});

const scopeOf = ({ projectId, createdBy }: JobRow): Scope => ({
  projectId,
  actor: createdBy,
  userId: createdBy.startsWith("user_") ? createdBy : null,
  permissions: SYSTEM,
});

function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  throw new AppError("unprocessable", {
    message: "This job was saved by another version of Treadle, and this version cannot read it. Start the job again.",
    cause: error,
  });
}

export type Outcome =
  | { readonly type: "done"; readonly result: unknown }
  | { readonly type: "stopped"; readonly reason: StopReason }
  | { readonly type: "failed"; readonly error: unknown };
type Deps = {
  readonly db: Postgres;
  readonly log: Log;
  readonly held: Held;
  readonly handler: Registered;
  readonly leaseMs: number;
  readonly progressMs: number;
  /** Called after each write that others may want to see. */
  changed(): void;
};

/** One try of a job, from now until its handler has ended. Never rejects. */
export function startRun(row: JobRow, { db, log, held, handler, leaseMs, progressMs, changed }: Deps) {
  const controller = new AbortController();
  let reason: StopReason | null = null;
  function stop(why: StopReason): void {
    reason ??= why;
    controller.abort(new AppError("cancelled", { message: WORDS[reason] }));
  }

  const progress = createProgress({
    first: row.progress,
    everyMs: progressMs,
    async write(current) {
      try {
        if (!(await createHeldStore(db).saveProgress(held, current))) stop("lost");
        changed();
      } catch (error) {
        log.warn({ error, jobId: row.id }, "the progress of a job could not be written");
      }
    },
  });

  async function save(state: unknown, tx: Postgres = db): Promise<void> {
    const saved = { state, progress: progress.current, leaseMs };
    if (!(await createHeldStore(tx).saveState(held, saved))) {
      stop("lost");
      throw new AppError("conflict", { message: WORDS.lost });
    }
    progress.noteWritten();
    changed();
  }

  async function run(): Promise<Outcome> {
    try {
      const result = await handler.start(row, { signal: controller.signal, report: progress.report, save });
      return { type: "done", result: result ?? null };
    } catch (error) {
      return reason === null ? { type: "failed", error } : { type: "stopped", reason };
    } finally {
      await progress.stop();
    }
  }
  return { row, held, handler, stop, progress, outcome: run() };
}
export type Run = ReturnType<typeof startRun>;

const WORDS: Readonly<Record<StopReason, string>> = {
  cancelled: "The job was canceled.",
  paused: "The project is archived or deleted; the job continues when it is restored.",
  stopping: "The server is stopping. The job continues when the server starts again.",
  lost: "Another process has claimed the job.",
};
