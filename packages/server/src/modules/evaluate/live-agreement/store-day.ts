import { RECENT_DAYS } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Counted } from "./count-day.ts";
import { dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { addDay, type DayEvent, type DayTally, sumOf } from "./detector.ts";
import { recover, worseOpening } from "./incident.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";

type Deps = Pick<LiveAgreementDeps, "db" | "incidents" | "clock">;
type Step = { readonly row: AgreementRow; readonly ruleName: string; readonly counted: Counted };
const RECOVERED = "In the last 30 days, the judge disagrees less often than the upper bound of the reference.";

/** Stores a day with its pairs, the detector and the incident in one transaction. False if the day was stored already. */
export async function storeDay(deps: Deps, scope: Scope, { row, ruleName, counted }: Step): Promise<boolean> {
  const { day, added, kappa } = counted;
  const today = { day, pairs: added.length, disagreements: added.filter(({ disagrees }) => disagrees).length };
  return deps.db.transaction(async (tx) => {
    const store = createAgreementStore(tx);
    const days = createDayStore(tx);
    const current = await store.lock(scope.projectId, row.id);
    if (!current || dayPlus(current.lastDay, 1) !== day) return false;
    const recent = [...(await days.listFrom(row.id, dayPlus(day, 1 - RECENT_DAYS))), today];
    const { state, event } = addDay(current, recent);
    const { reference, collected, evidence, risingSince, worseSince } = state;
    const changes = { reference, collected, evidence, risingSince, worseSince, lastDay: day };
    const next = await store.update(scope.projectId, row.id, { ...changes, updatedAt: new Date(deps.clock.now()) });
    await days.addPairs(added);
    await days.add({ agreementId: row.id, ...today, evidence, kappa });
    if (next) await tell(deps, tx, { scope, row: next, ruleName, event, recent });
    return true;
  });
}

type Told = Pick<Step, "row" | "ruleName"> & {
  readonly scope: Scope;
  readonly event: DayEvent;
  readonly recent: readonly DayTally[];
};

/** Opens or resolves the incident of an event. */
async function tell({ incidents, clock }: Deps, tx: Postgres, { scope, row, ruleName, event, recent }: Told) {
  const at = new Date(clock.now());
  const since = sumOf(recent.filter(({ day }) => day >= (row.risingSince ?? row.lastDay)));
  if (event === "worse") await incidents.open(tx, scope, worseOpening(row, { ruleName, since, at }));
  if (event === "recovered") await recover({ incidents, clock }, tx, { scope, row, ruleName, text: RECOVERED });
}
