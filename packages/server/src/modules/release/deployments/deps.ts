import type { Clock } from "../../../kernel/clock.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { createEndpoints } from "../../build/endpoints/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Registry } from "../../train/registry/index.ts";
import type { ForDeployments } from "../rollouts/index.ts";

export type DeploymentDeps = {
  readonly db: Postgres;
  readonly endpoints: Pick<ReturnType<typeof createEndpoints>, "list" | "checkModels" | "rewrite" | "forget">;
  readonly rollouts: ForDeployments;
  readonly registry: Registry["aliases"];
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
};
