import { type LiveAgreementInput, type LiveRule, RECENT_DAYS } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { readingOf } from "../calibration/index.ts";
import { dayOf, dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { startAgain } from "./detector.ts";
import type { AgreementRow } from "./stores/agreement-store.ts";

type Wanted = {
  readonly rule: LiveRule;
  readonly input: LiveAgreementInput;
};

/** How both sides are read. Throws if the rule has no such score, or the caller may not read it. */
export async function scaleOf({ scorers }: LiveAgreementDeps, scope: Scope, { rule, input }: Wanted) {
  if (!scope.permissions.has("traces:read"))
    throw new AppError("forbidden", { message: "Reading human scores of spans needs the permission traces:read." });
  const bound = (await scorers.bind(scope, rule.scorers)).find(({ key }) => key === input.score);
  if (!bound)
    throw new AppError("unprocessable", {
      message: `The rule "${rule.name}" has no score "${input.score}". Its scores: ${rule.scoreNames.join(", ")}.`,
      details: { param: "score" },
    });
  return readingOf(bound.output, input.passAt).scale;
}

type New = {
  readonly ruleId: string;
  readonly input: LiveAgreementInput;
  readonly scale: AgreementRow["scale"];
  readonly now: number;
};

/** Pairs of the last 30 days count, so that a reference can exist immediately. */
export function newAgreement({ projectId, actor }: Scope, { ruleId, input, scale, now }: New): AgreementRow {
  const firstDay = dayOf(now - RECENT_DAYS * DAY_MS);
  return {
    id: newId("agr"),
    projectId,
    ruleId,
    ...input,
    scale,
    ...startAgain(null),
    firstDay,
    lastDay: dayPlus(firstDay, -1),
    lastError: "",
    createdBy: actor,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
