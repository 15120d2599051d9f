import type { Job, JobProgress, JobQuery } from "@treadle/contract";
import type { z } from "zod";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../postgres/port.ts";

/**
 * A kind of job: its input, and the state that it stores so that it can continue after a stop. Both are stored as JSON.
 */
export type JobKind<Payload, State> = {
  /** For example `dataset-import`. It is stored, so it never changes. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly state: z.ZodType<State>;
};

/** The context of a handler for one attempt. */
export type JobRun<Payload, State> = {
  readonly jobId: string;
  /**
   * The project, and the user who requested the job. The job has all permissions, so the request is checked before
   * `send`.
   */
  readonly scope: Scope;
  readonly payload: Payload;
  /** The last saved state. Null for a new job. */
  readonly state: State | null;
  /** Aborted when the job is cancelled, the server stops or another process has taken the job: stop soon, and throw. */
  readonly signal: AbortSignal;
  /** Reports progress. It is cheap: frequent reports are not all written. An omitted field is unchanged. */
  report(progress: Partial<JobProgress>): void;
  /**
   * Saves the state. In a transaction of the handler, effects and state are stored together or not at all. Throws if
   * another process has the job, so that the transaction is rolled back.
   */
  save(state: State, tx?: Postgres): Promise<void>;
};

export type JobHandler<Payload, State> = {
  /** How many of this kind this process runs at once. 1 when left out. */
  readonly concurrency?: number;
  /**
   * Tries until the job has failed. When left out, tries for an outage last about an hour, and tries for an unexpected error half a
   * minute. An error that would only repeat, such as bad input, is final immediately, see `retry-policy.ts`.
   */
  readonly maxTries?: number;
  /**
   * Whether a run with this result is complete. By default it always is. The progress of a complete job ends at its
   * total, whatever was reported last. Kinds that can end early, for example at the end of a budget, retain their last
   * report.
   */
  readonly isWhole?: (result: unknown) => boolean;
  /** Gives the job's result as JSON, or null. Holds no database connection while it waits: the embedded database has one. */
  run(run: JobRun<Payload, State>): Promise<unknown>;
};

export type JobOrder<Payload> = {
  readonly kind: Pick<JobKind<Payload, unknown>, "name" | "payload">;
  readonly payload: Payload;
  /** A title, such as `Import chats.jsonl`. */
  readonly title: string;
  /** The id of the object it works on, such as a dataset. */
  readonly subject?: string;
  /** While a job of the kind with this key is queued or runs in the project, another `send` gives that one's id. */
  readonly key?: string;
  /** Not before this time. */
  readonly runAt?: Date;
  /** Begin again this long after it is done, until it is cancelled. */
  readonly everySeconds?: number;
};

/** Durable background work: a sent job runs, also after a crash, in one process at a time. */
export type Jobs = {
  /** Before `start`; a kind has one handler. */
  register<Payload, State>(kind: JobKind<Payload, State>, handler: JobHandler<Payload, State>): void;
  /** Queues a job within the caller's transaction: it exists when that is committed. Gives its id, `job_…`. */
  send<Payload>(tx: Postgres, scope: Scope, order: JobOrder<Payload>): Promise<string>;
  /** Throws `not_found`. */
  get(scope: Scope, jobId: string): Promise<Job>;
  /** Newest first. */
  list(
    scope: Scope,
    query: JobQuery & { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ items: Job[]; nextCursor: string | null }>;
  /**
   * A queued job is canceled immediately. An active job gets its signal within a second. Throws `conflict` if it has
   * ended.
   */
  cancel(scope: Scope, jobId: string): Promise<Job>;
  /** Queues a failed or cancelled job again, with the state it saved. Throws `conflict` for any other. */
  retry(scope: Scope, jobId: string): Promise<Job>;
  /**
   * Each change of the project's jobs. With `jobId`, that job's current state and then each change until it has ended.
   * Nothing if there is none.
   */
  watch(scope: Scope, query: { readonly jobId?: string | undefined }, signal: AbortSignal): AsyncIterable<Job>;
};
