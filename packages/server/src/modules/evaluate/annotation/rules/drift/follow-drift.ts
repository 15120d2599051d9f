import type { DriftRecord, DriftTrigger } from "@treadle/contract";
import type { Clock } from "../../../../../kernel/clock.ts";
import { incomingOfSpan } from "../../sources/from-spans.ts";
import type { Incoming } from "../../sources/incoming.ts";
import type { createRuleStore, DriftState, RuleRow } from "../../stores/rule-store.ts";
import { type DriftDeps, lookForDrift } from "./look-for-drift.ts";
import { windowMs } from "./sample-times.ts";

/** Spans and their scores may be written down so long after they were made. */
const GRACE_MS = 300_000;
/** A failed test, for example without the embedding model, is repeated after this time. */
const RETRY_MS = 600_000;
const NOTHING: DriftState = { looks: 0, alarms: 0, last: null, triedAt: 0 };

/** The start of a new rule: the window that has just ended is tested immediately. */
export const startOf = (trigger: DriftTrigger, now: number): number => now - GRACE_MS - windowMs(trigger);

/** The end of the newest completed window without a test. Null if there is none. Windows do not overlap. */
export function dueEnd({ placeMs }: Pick<RuleRow, "placeMs">, trigger: DriftTrigger, now: number): number | null {
  const windows = Math.floor((now - GRACE_MS - placeMs) / windowMs(trigger));
  return windows < 1 ? null : placeMs + windows * windowMs(trigger);
}

/** The newest testable window, for a test without a rule. */
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

/** Tests the due window once, and adds the spans that differ from the reference days. */
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
    // Only now, so that an interrupted test is repeated. Items that the queue already has are skipped.
    const next: DriftState = {
      looks: state.looks + (report.outcome === "too-little" ? 0 : 1),
      alarms: state.alarms + (report.outcome === "drift" ? 1 : 0),
      last: report,
      triedAt: 0,
    };
    await deps.rules.update(projectId, id, { placeMs: to, drift: next, lastError: "" });
  };
