import type { Clock } from "../../../kernel/clock.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Traces } from "../../observe/traces/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { createScorers } from "../scorers/index.ts";

type Scorers = ReturnType<typeof createScorers>;
export type BoundScorer = Awaited<ReturnType<Scorers["bind"]>>[number];

export type LiveScoringDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "insert">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly traces: Pick<Traces, "listReceived" | "picked" | "steps">;
  readonly scorers: Pick<Scorers, "bind">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** Ends what watches the scores of a rule, and its scheduled runs, in the transaction that deletes the rule. */
  endChecks(tx: Postgres, scope: Scope, rule: { readonly ruleId: string; readonly name: string }): Promise<void>;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
