import type { Clock } from "../../../kernel/clock.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Module } from "../../../kernel/module.ts";
import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Journal } from "../../../platform/journal/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import type { SpendLimits } from "../../build/gateway/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import type { Counter } from "./counting/active-limit.ts";
import type { Prices } from "./counting/amounts.ts";
import { createLimiter } from "./counting/limiter.ts";
import { restoreState, stateOf } from "./counting/state.ts";
import { createRecount } from "./recount.ts";
import { limitRoutes, spendRoutes } from "./routes.ts";
import { createLimits } from "./service.ts";
import { createSpend, type NamesOf, type StoredAs } from "./spend.ts";
import { createLimitStore } from "./store.ts";

export type LimitsDeps = {
  readonly db: Postgres;
  readonly columnar: Columnar;
  readonly spool: Pick<Spool, "push" | "flush">;
  /** What is used of the limits, so that a restart forgets nothing. */
  readonly journal: Journal;
  readonly audit: Pick<Audit, "record">;
  readonly prices: Prices;
  readonly namesOf: NamesOf;
  readonly storedAs: StoredAs;
  readonly clock: Clock;
  readonly log: Log;
};

/** The API of limits, and what the gateway needs of them. */
export type Limits = ReturnType<typeof createLimits> & { readonly gateway: SpendLimits };

const SWEEP_MS = 60_000;

/** Opens limits and the ledger. `start` restores what is used, before the first call. */
export function openLimits(deps: LimitsDeps): Module<Limits> {
  const { db, journal, clock, prices, log } = deps;
  const onThreshold = (counter: Counter, percent: number) =>
    log.warn(describe(counter, percent), "a limit passed a threshold");
  const limiter = createLimiter({ clock, prices, onCharge: journal.append, onThreshold });
  const recount = createRecount({ ...deps, limiter, onSet: (set) => journal.append({ at: clock.now(), set }) });
  const limits = createLimits({ ...deps, limiter, recount });
  const spend = createSpend(deps);
  let timer: NodeJS.Timeout | null = null;
  const sweep = () => {
    limiter.sweep();
    journal.compact(() => stateOf(limiter));
  };
  return {
    api: { ...limits, gateway: { has: limiter.has, reserve: limiter.reserveOrWait, record: spend.record } },
    routes: [limitRoutes(limits), spendRoutes(spend)],
    async start() {
      for (const stored of await createLimitStore(db).listAll()) limiter.put(stored);
      restoreState(limiter, journal);
      timer = setInterval(sweep, SWEEP_MS).unref();
    },
    stopWaiting: limiter.stopWaiting,
    async close() {
      // What was not restored must not replace what is stored.
      if (timer === null) return;
      clearInterval(timer);
      await journal.close(() => stateOf(limiter));
    },
  };
}

const describe = ({ limit: { stored }, value }: Counter, percent: number) => ({
  limitId: stored.limitId,
  limit: stored.name,
  scope: stored.scope,
  value,
  percent,
});
