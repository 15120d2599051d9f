import type { Clock } from "../../../kernel/clock.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { IncidentSink } from "../../observe/incidents/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { CalibrationService } from "../calibration/index.ts";
import type { Evals } from "../experiments/index.ts";
import type { LiveScoring } from "../live-scoring/index.ts";
import type { createScorers } from "../scorers/index.ts";

export type LiveAgreementDeps = {
  readonly db: Postgres;
  readonly columnar: Pick<Columnar, "select">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly rules: Pick<LiveScoring, "get">;
  readonly scorers: Pick<ReturnType<typeof createScorers>, "bind">;
  /** The newest calibration of a score, which sets the reference. */
  readonly newestCalibration: CalibrationService["newestForScore"];
  /** Statistics, computed without blocking requests. */
  readonly ask: Evals["ask"];
  readonly incidents: IncidentSink;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** The names of people and API keys by their ids; those that are gone have none. */
  namesOf(projectId: string, actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
