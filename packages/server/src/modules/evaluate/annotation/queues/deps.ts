import type { Clock } from "../../../../kernel/clock.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { GuardDetectors } from "../../../build/guard-detectors/index.ts";
import type { GuardPreviews } from "../../../build/guard-previews/index.ts";
import type { Traces } from "../../../observe/traces/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { EvalDeps, Evals } from "../../experiments/index.ts";
import type { Embed } from "./asked-text.ts";

export type AnnotationDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly traces: Pick<Traces, "picked" | "listReceived" | "getSession">;
  readonly datasets: Pick<EvalDeps["datasets"], "openVersion" | "readItems" | "findItems">;
  readonly runs: Pick<Evals["runs"], "get" | "listItems">;
  /** Findings of guards, and the labels that answers become. */
  readonly findings: Pick<GuardPreviews, "listExamples"> & Pick<GuardDetectors, "addLabel" | "withdrawLabel">;
  /** Computes statistics without blocking requests. */
  readonly ask: Evals["ask"];
  /** Embeds texts, to detect new topics. */
  readonly embed: Embed;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** From 0 up to 1, such as `Math.random`. */
  readonly random: () => number;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
