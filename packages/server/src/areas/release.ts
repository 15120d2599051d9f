import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { openRollouts } from "../modules/release/rollouts/index.ts";
import type { Stores } from "../stores.ts";
import type { Build } from "./build.ts";
import type { System } from "./system.ts";

type Below = System & Pick<Build, "endpoints">;

/** How a change of an endpoint reaches its callers. */
export function openRelease({ log }: ServerBootstrap, { postgres: { db }, columnar, jobs }: Stores, below: Below) {
  return {
    rollouts: openRollouts({
      db,
      columnar,
      jobs,
      clock,
      log,
      audit: below.audit.api,
      endpoints: below.endpoints.api,
    }),
  };
}
export type Release = ReturnType<typeof openRelease>;
