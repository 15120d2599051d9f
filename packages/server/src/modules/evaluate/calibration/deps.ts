import type { Clock } from "../../../kernel/clock.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { createDatasets } from "../../data/datasets/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Evals } from "../experiments/index.ts";
import type { LiveScoring } from "../live-scoring/index.ts";
import type { createScorers } from "../scorers/index.ts";

type Scorers = ReturnType<typeof createScorers>;
export type BoundScorer = Awaited<ReturnType<Scorers["bind"]>>[number];

export type CalibrationDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly scorers: Pick<Scorers, "bind" | "get">;
  readonly datasets: Pick<ReturnType<typeof createDatasets>["whole"], "get" | "openVersion" | "readItems">;
  /** The scores of runs. */
  readonly judged: Evals["judged"];
  /** The versions of judges that gave the scores of live spans. */
  readonly live: Pick<LiveScoring, "countMakers">;
  /** Statistics, computed without blocking requests. */
  readonly ask: Evals["ask"];
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
