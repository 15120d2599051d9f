import type { MonitorInput, SloJudge, SpanFilter } from "@treadle/contract";
import type { JudgeCalibration } from "@treadle/metrics";
import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";

/** The monitors that SLOs create. Called outside transactions, since monitors have their own. */
export type SloMonitors = {
  /** Gives the monitor's id. Null where monitors are not available. */
  create(scope: Scope, input: MonitorInput): Promise<string | null>;
  /** False if it no longer exists. */
  update(scope: Scope, monitorId: string, input: MonitorInput): Promise<boolean>;
  /** Does nothing if it no longer exists. */
  delete(scope: Scope, monitorId: string): Promise<void>;
};

/** How often a judge was right on answers that people labeled too: those that people pass, and those that they fail. */
export type JudgeErrors = {
  readonly counts: JudgeCalibration;
  readonly basis: Omit<NonNullable<SloJudge["basis"]>, "pairs">;
  readonly warnings: readonly string[];
};
type JudgedScore = {
  readonly score: string;
  /** Both sides pass at this score. */
  readonly least: number;
  /** The time of the first judged requests. */
  readonly from: Date;
};
/** The errors of the judge behind a score, or the reason why they are not known. */
export type JudgeErrorsOf = (projectId: string, of: JudgedScore) => Promise<JudgeErrors | { readonly reason: string }>;

type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

export type SloDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly monitors: SloMonitors;
  /** The spans of a project that match a filter. With null, users and sessions are compared with the span's own. */
  whereSpans(projectId: string, filter: SpanFilter, owners?: null): Where;
  /** All judgements of a project as a table. */
  scoresOf(condition: { readonly where: string }): string;
  readonly judgeErrorsOf: JudgeErrorsOf;
  readonly clock: Clock;
  readonly log: Log;
};
