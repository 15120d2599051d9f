import type { DriftRecord, DriftTrigger } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { incomingOfSpan } from "../../sources/from-spans.ts";
import type { Incoming } from "../../sources/incoming.ts";
import type { createRuleStore, DriftState, RuleRow } from "../rule-store.ts";
import { type DriftDeps, lookForDrift } from "./look-for-drift.ts";
import { windowMs } from "./sample-times.ts";

/** Spans and their scores may be written down so long after they were made. */
const GRACE_MS = 300_000;
/** A look that failed, such as for want of the embedding model, is begun anew after this. */
const RETRY_MS = 600_000;
const NOTHING: DriftState = { looks: 0, alarms: 0, last: null, triedAt: 0 };

/** Where a new rule stands: the window that has just ended is looked at at once. */
export const startOf = (trigger: DriftTrigger, now: number): number => now - GRACE_MS - windowMs(trigger);

/** When the newest window that is over and was not looked at ended; null when there is none. Windows follow each other without overlap. */
export function dueEnd({ placeMs }: Pick<RuleRow, "placeMs">, trigger: DriftTrigger, now: number): number | null {
  const windows = Math.floor((now - GRACE_MS - placeMs) / windowMs(trigger));
  return windows < 1 ? null : placeMs + windows * windowMs(trigger);
}

/** The newest window that can be looked at now, for a look that is none of a rule. */
export const newestEnd = (now: number): number => now - GRACE_MS;

export function toRecord({
  drift,
  placeMs,
  trigger,
}: Pick<RuleRow, "drift" | "placeMs" | "trigger">): DriftRecord | null {
  if (trigger.kind !== "drift") return null;
  const { looks, alarms, last } = drift ?? NOTHING;
  return { looks, alarms, last, nextAt: new Date(placeMs + windowMs(trigger) + GRACE_MS).toISOString() };
}

type Deps = DriftDeps & {
  readonly clock: Clock;
  readonly rules: Pick<ReturnType<typeof createRuleStore>, "update">;
};

/** Looks at the window that is due, once, and has what is unlike the days before brought. */
export const followDrift = (deps: Deps) =>
  async function follow(
    rule: RuleRow,
    bring: (items: readonly (Incoming | null)[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { trigger, projectId, id } = rule;
    if (trigger.kind !== "drift") return;
    const now = deps.clock.now();
    const to = dueEnd(rule, trigger, now);
    const state = rule.drift ?? NOTHING;
    if (to === null || now < state.triedAt + RETRY_MS) return;
    await deps.rules.update(projectId, id, { drift: { ...state, triedAt: now } });
    const { report, taken } = await lookForDrift(deps, { projectId, trigger, to }, signal);
    const items = taken.map(({ judged, reason }) => {
      const incoming = incomingOfSpan(judged, { questions: [], suggest: {} });
      return incoming && { ...incoming, reason: `Rule: ${rule.name} · ${reason}`.slice(0, 500) };
    });
    await bring(items);
    // Only now: a look that was cut off is begun anew, and what the queue holds already is passed over.
    const next: DriftState = {
      looks: state.looks + (report.outcome === "too-little" ? 0 : 1),
      alarms: state.alarms + (report.outcome === "drift" ? 1 : 0),
      ...{ last: report, triedAt: 0 },
    };
    await deps.rules.update(projectId, id, { placeMs: to, drift: next, lastError: "" });
  };
