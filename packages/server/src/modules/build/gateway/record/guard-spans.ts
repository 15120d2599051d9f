import type { Span } from "@treadle/contract";
import type { Check, CheckedStage, GuardedStages, Missed } from "../request/checks.ts";
import type { Call, Reroute } from "../request/read-call.ts";
import { partSpan, roundedMs } from "./part-span.ts";

const STAGE_NAMES = {
  request: "guard request",
  passages: "guard passages",
  "first-answer": "guard first answer",
  answer: "guard answer",
} as const;

/**
 * The spans of the checks of a call, beneath the span of the call: one for each stage, with the list of all its checks, and beneath
 * it one for each check with a finding, or whose detector failed or did not answer in time.
 */
export const guardSpans = (call: Call, guarded: readonly GuardedStages[]): Span[] =>
  guarded.flatMap((guards) => guards.stages.flatMap((stage) => stageSpans(call, guards, stage)));

/** Why a call went to another model, for its span. The checks that decided it have spans. */
export const rerouteOf = ({ checks: _, ...why }: Reroute, to: string) => ({ ...why, to });

function stageSpans(call: Call, guards: GuardedStages, stage: CheckedStage): Span[] {
  const { action, ms, checks } = stage;
  const shared = {
    "treadle.check.stage": stage.stage,
    "treadle.check.policy": guards.policyId,
    "treadle.check.version": guards.version,
  };
  const listed = checks.map((check) => listedOf(check, guards));
  const unread = unreadIn(checks);
  const whole = guardSpan(call, stage, {
    name: STAGE_NAMES[stage.stage],
    parentSpanId: call.spanId,
    attributes: {
      ...shared,
      "treadle.check.action": action,
      "treadle.check.ms": roundedMs(ms),
      "treadle.checks": listed,
      ...(unread.length > 0 && { "treadle.check.not_scanned": unread }),
    },
  });
  const parts = checks.filter(hasOwnSpan).map((check) =>
    guardSpan(call, check, {
      name: nameOf(check),
      parentSpanId: whole.spanId,
      attributes: { ...shared, ...attributesOf(check, guards) },
    }),
  );
  return [whole, ...parts];
}

/** No rule can scan such content, so it says nothing about a check. */
const isUnreadable = ({ reason }: Missed) => reason === "unknown-content" || reason === "too-long";

const hasOwnSpan = ({ found, missed }: Check) => found.length > 0 || !missed.every(isUnreadable);

/** The places of content that no rule can scan, each once. */
function unreadIn(checks: readonly Check[]) {
  const places = new Map<string, Omit<Missed, "rule">>();
  for (const { missed } of checks)
    for (const { rule: _, ...one } of missed.filter(isUnreadable)) places.set(`${one.reason} ${one.path}`, one);
  return [...places.values()];
}

const guardSpan = (call: Call, times: Pick<Check, "from" | "to">, own: Omit<Parameters<typeof partSpan>[2], "kind">) =>
  partSpan(call, times, { kind: "guardrail", ...own });

/** A rule whose options are not valid any more has no detector. */
const nameOf = ({ detector, rule }: Check) => detector || `guard rule ${rule + 1}`;

const scoreOf = ({ found }: Check) => Math.max(...found.map(({ score }) => score));

/** A check in the list of its stage. */
function listedOf(check: Check, { versionOf }: GuardedStages) {
  const { rule, detector, threshold, action, texts, count, ms, missed } = check;
  return {
    rule,
    detector,
    version: versionOf(detector),
    action,
    threshold,
    texts,
    ...(count > 0 && { count, score: scoreOf(check) }),
    ...(missed.length > 0 && { not_scanned: [...new Set(missed.map(({ reason }) => reason))] }),
    ms: roundedMs(ms),
  };
}

function attributesOf(check: Check, guards: GuardedStages): Record<string, unknown> {
  const { found, missed } = check;
  const { not_scanned: _, ...listed } = listedOf(check, guards);
  const named = Object.entries({ ...listed, detector_version: listed.version, version: undefined });
  const views = [...new Set(found.map(({ view }) => view))];
  return {
    ...Object.fromEntries(
      named.flatMap(([name, value]) => (value === undefined ? [] : [[`treadle.check.${name}`, value]])),
    ),
    ...(views.length > 0 && { "treadle.check.views": views }),
    ...(found.length > 0 && { "treadle.check.findings": found.map(({ rule: _rule, detector: _name, ...one }) => one) }),
    ...(missed.length > 0 && { "treadle.check.not_scanned": missed.map(({ rule: _rule, ...one }) => one) }),
  };
}
