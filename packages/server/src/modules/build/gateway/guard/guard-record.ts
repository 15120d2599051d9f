import { type Action, type StreamVerdict, strongest } from "@treadle/guards";
import { AppError } from "../../../../kernel/errors.ts";
import type { ActivePolicy, Place } from "../../guards/index.ts";
import type { CheckedStage, Found, Missed, StageName } from "../request/checks.ts";
import { createFoundList, MOST_ENTRIES } from "./found-list.ts";
import { createStageRecord } from "./stage-record.ts";

export type Adding = { add(verdict: StreamVerdict, place: Place): void };

/** What the guards of a call found, for its spans. */
export function createGuardRecord(policy: Pick<ActivePolicy, "policyId" | "version" | "policy">) {
  const stages = createStages(policy);
  const all = createTotals();
  const { found, missed } = all;
  return {
    request: addingTo(stages.request, all),
    answer: addingTo(stages.answer, all),
    /** For passages of a knowledge base that are quoted. */
    passages: addingTo(stages.passages, all),
    /** For passages that are left out: their verdict does not count. */
    withheld: stages.passages as Adding,
    /** For an answer that was asked for again: its verdict does not count. */
    first: stages.first as Adding,
    /** The parts of the call that were checked, in their order. */
    stages: (): readonly CheckedStage[] => Object.values(stages).flatMap((stage) => stage.toStage() ?? []),
    isBlocked: () => all.action() === "block",
    found: found.list,
    attributes: (): Readonly<Record<string, unknown>> => ({
      "treadle.guard.policy": policy.policyId,
      "treadle.guard.version": policy.version,
      "treadle.guard.action": all.action(),
      "treadle.guard.ms": Math.round(all.ms() * 1_000) / 1_000,
      ...(found.size() > 0 && { "treadle.guard.findings": found.list() }),
      ...(missed.length > 0 && { "treadle.guard.not_scanned": missed }),
    }),
    toError: () => blockedError(policy, found.list(), missed),
  };
}
export type GuardRecord = ReturnType<typeof createGuardRecord>;

/** In the order of a call. */
function createStages({ policy }: Pick<ActivePolicy, "policy">) {
  const stageOf = (stage: StageName) => createStageRecord(stage, policy);
  return {
    request: stageOf("request"),
    passages: stageOf("passages"),
    first: stageOf("first-answer"),
    answer: stageOf("answer"),
  };
}

const addingTo = (...records: readonly Adding[]): Adding => ({
  add(verdict, place) {
    for (const record of records) record.add(verdict, place);
  },
});

/** The verdicts that count, over all stages. */
function createTotals() {
  const found = createFoundList();
  const missed: Missed[] = [];
  let action: Action | "allow" = "allow";
  let ms = 0;
  return {
    found,
    missed,
    action: () => action,
    ms: () => ms,
    add(verdict: StreamVerdict, place: Place): void {
      action = strongest([action, verdict.action]);
      ms += verdict.ms;
      for (const finding of verdict.findings) found.add(finding, place);
      for (const { rule, reason } of verdict.unscanned)
        if (missed.length < MOST_ENTRIES) missed.push({ ...place, rule, reason });
    },
  };
}

/** Verdicts on an answer that may not be the one that counts. */
export function createDraftRecord() {
  const added: (readonly [StreamVerdict, Place])[] = [];
  return {
    add(verdict: StreamVerdict, place: Place): void {
      added.push([verdict, place]);
    },
    action: () => strongest(added.map(([{ action }]) => action)),
    /** The kinds of the findings with an action. */
    kindsOf: (wanted: Action) =>
      kindsOf(
        added.flatMap(([{ findings }]) => findings),
        wanted,
      ),
    moveTo(record: Adding): void {
      for (const [verdict, place] of added) record.add(verdict, place);
    },
  };
}

const kindsOf = (found: readonly Pick<Found, "action" | "kind">[], wanted: Action): readonly string[] => [
  ...new Set(found.filter(({ action }) => action === wanted).map(({ kind }) => kind)),
];

/** The error for a request that is blocked. It names kinds, and never values. */
function blockedError(
  { policyId, version }: Pick<ActivePolicy, "policyId" | "version">,
  found: readonly Found[],
  missed: readonly Missed[],
): AppError {
  const kinds = kindsOf(found, "block");
  const reasons = [...new Set(missed.map(({ reason }) => reason))];
  const why =
    kinds.length > 0 ? `it contains: ${kinds.join(", ")}` : `a part of it was not scanned: ${reasons.join(", ")}`;
  return new AppError("content_filter", {
    message: `A guard of this project rejected the request, because ${why}. Remove that part and send the request again.`,
    details: { policyId, version, kinds, ...(reasons.length > 0 && { notScanned: reasons }) },
  });
}
