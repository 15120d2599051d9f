import type { Job, JobProgress, JobQuery } from "@treadle/contract";
import type { z } from "zod";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../postgres/port.ts";

/** A kind of job: what it is given, and what it writes down so that it can go on after it was stopped. Both are kept as JSON. */
export type JobKind<Payload, State> = {
  /** Such as `dataset-import`. It is stored, so it never changes. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly state: z.ZodType<State>;
};

/** What a handler gets for one try. */
export type JobRun<Payload, State> = {
  readonly jobId: string;
  /** The project, and whoever asked for the job; it may do everything, so what may be asked for is checked before `send`. */
  readonly scope: Scope;
  readonly payload: Payload;
  /** What was saved last; null when the job begins anew. */
  readonly state: State | null;
  /** Aborted when the job is cancelled, the server stops or another process has taken the job: stop soon, and throw. */
  readonly signal: AbortSignal;
  /** How far the job is. Costs nothing: what is said too often is not written. A field that is left out stays as it was. */
  report(progress: Partial<JobProgress>): void;
  /**
   * Writes the state down. Within a transaction of the handler's, what it did and the state are kept both or not at all.
   * Throws when the job is no longer this process's, so that the transaction is rolled back.
   */
  save(state: State, tx?: Postgres): Promise<void>;
};

export type JobHandler<Payload, State> = {
  /** How many of this kind this process runs at once. 1 when left out. */
  readonly concurrency?: number;
  /** Tries until the job has failed; 5 when left out. An `AppError` that is the asker's fault (a status below 500, but 429) is final at once. */
  readonly maxTries?: number;
  /** Gives the job's result as JSON, or null. Holds no database connection while it waits: the embedded database has one. */
  run(run: JobRun<Payload, State>): Promise<unknown>;
};

export type JobOrder<Payload> = {
  readonly kind: Pick<JobKind<Payload, unknown>, "name" | "payload">;
  readonly payload: Payload;
  /** What it does, for people, such as `Import chats.jsonl`. */
  readonly title: string;
  /** The id of what it works on, such as a dataset. */
  readonly subject?: string;
  /** While a job of the kind with this key is queued or runs in the project, another `send` gives that one's id. */
  readonly key?: string;
  /** Not before this time. */
  readonly runAt?: Date;
  /** Begin again this long after it is done, until it is cancelled. */
  readonly everySeconds?: number;
};

/** Durable work beside the requests: what was sent is run, also after a crash, once at a time. */
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
  /** A queued job is cancelled at once, a running one gets its signal within a second. Throws `conflict` when it has ended. */
  cancel(scope: Scope, jobId: string): Promise<Job>;
  /** Queues a failed or cancelled job again, with the state it saved. Throws `conflict` for any other. */
  retry(scope: Scope, jobId: string): Promise<Job>;
  /** Each change of the project's jobs; with `jobId` that job as it is now and then each change until it has ended, nothing when there is none. */
  watch(scope: Scope, query: { readonly jobId?: string | undefined }, signal: AbortSignal): AsyncIterable<Job>;
};
