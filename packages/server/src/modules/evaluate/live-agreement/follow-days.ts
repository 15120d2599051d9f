import { z } from "zod";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../platform/jobs/port.ts";
import { createCounting } from "./count-day.ts";
import { dayOf, dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { createRenewal } from "./renew-reference.ts";
import { storeDay } from "./store-day.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";

const Payload = z.object({ agreementId: z.string().nullable() });
type Payload = z.output<typeof Payload>;
export const FOLLOW_KIND: JobKind<Payload, null> = { name: "live-agreement", payload: Payload, state: z.null() };

/** Scores of a day can arrive this long after its end. Later ones count on the day on which they are found. */
const DELAY_MS = HOUR_MS;
/** Longer than late pairs and the recent days, so that no pair is counted twice. */
const KEPT_DAYS = 60;

/** Evaluates the days that ended, in order, each exactly once. */
export function createFollowing(deps: LiveAgreementDeps): JobHandler<Payload, null> {
  const store = createAgreementStore(deps.db);
  const follow = createSteps(deps);
  return {
    async run({ scope, payload, signal }) {
      for (const row of await store.list(scope.projectId)) {
        if (payload.agreementId !== null && payload.agreementId !== row.id) continue;
        try {
          await follow(scope, row, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          await store.update(scope.projectId, row.id, { lastError: error.message.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
}

function createSteps(deps: LiveAgreementDeps) {
  const { db, clock } = deps;
  const renew = createRenewal(deps);
  const counting = createCounting(deps);
  return async function follow(scope: Scope, row: AgreementRow, signal: AbortSignal): Promise<void> {
    const ruleName = (await deps.rules.get(scope, row.ruleId)).name;
    await renew(scope, row, ruleName);
    const last = dayOf(clock.now() - DELAY_MS - DAY_MS);
    for (let first = dayPlus(row.lastDay, 1); first <= last; ) {
      const read = await counting.read(scope.projectId, row, { first, last });
      for (let day = first; day <= read.last; day = dayPlus(day, 1)) {
        signal.throwIfAborted();
        const counted = await counting.count(row, day, read.pairs.get(day) ?? []);
        if (!(await storeDay(deps, scope, { row, ruleName, counted }))) return;
      }
      first = dayPlus(read.last, 1);
    }
    await createDayStore(db).deletePairsBefore(row.id, dayPlus(last, -KEPT_DAYS));
    if (row.lastError !== "") await createAgreementStore(db).update(scope.projectId, row.id, { lastError: "" });
  };
}
