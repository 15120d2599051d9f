import type { ServerBootstrap } from "../bootstrap.ts";
import { systemClock as clock } from "../kernel/clock.ts";
import { openLimits } from "../modules/release/limits/index.ts";
import { openRollouts } from "../modules/release/rollouts/index.ts";
import { openJournal } from "../platform/journal/open.ts";
import type { Stores } from "../stores.ts";
import type { Build, ModelSources } from "./build.ts";
import type { System } from "./system.ts";

/** Limits and the ledger of what calls cost. Opened before the gateway, which reserves each call in them. */
export function openSpending(
  { folder, log }: ServerBootstrap,
  { postgres: { db }, columnar, spool }: Stores,
  { audit, projects, models }: System & ModelSources,
) {
  return {
    limits: openLimits({
      db,
      columnar,
      spool,
      journal: openJournal({ folder: folder.resolve("limits"), name: "used.jsonl", log }),
      audit: audit.api,
      prices: models.api.prices,
      namesOf: projects.api.namesOf,
      clock,
      log,
    }),
  };
}

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
