import type { DataRules, DataShape } from "@treadle/contract";
import type { Dropped, Reason } from "../evidence/dropped.ts";
import { agreementOf, type PairEvidence, promptKey, textOf } from "../evidence/evidence.ts";
import { type Draft, inputsOf } from "./draft-row.ts";

type Making = { readonly shape: DataShape; readonly rules: DataRules; readonly dropped: Dropped };

/** The rows of pairs, the surest first of each prompt. */
export function keepPairs(pairs: readonly PairEvidence[], { shape, rules, dropped }: Making): Draft[] {
  const sure = pairs.filter((pair) => {
    const reason = whyNot(pair, shape, rules);
    if (reason !== null) dropped.add(reason, pair.origin.sourceIds);
    return reason === null;
  });
  return [...Map.groupBy(sure, promptKey).values()].flatMap((ofPrompt) => {
    const ranked = ofPrompt.toSorted(bySureness);
    for (const { origin } of ranked.slice(rules.pairsPerPrompt)) dropped.add("tooMany", origin.sourceIds);
    return ranked.slice(0, rules.pairsPerPrompt).flatMap((pair) => draftsOf(pair, shape));
  });
}

function whyNot(pair: PairEvidence, shape: DataShape, rules: DataRules): Reason | null {
  if (shape === "evaluation" || shape === "sft") return pair.kind === "correction" ? null : "onlyBetter";
  if (pair.isTie) return "tie";
  if (textOf(pair.chosen) === textOf(pair.rejected)) return "same";
  if (agreementOf(pair) < rules.minAgreement) return "divided";
  const isContradicted = pair.conflict === "contradiction" || pair.conflict === "circle";
  return isContradicted && !rules.allowConflicts ? "conflict" : null;
}

const bySureness = (one: PairEvidence, other: PairEvidence) =>
  agreementOf(other) - agreementOf(one) ||
  (other.margin ?? 0) - (one.margin ?? 0) ||
  other.votes.chosen - one.votes.chosen;

function draftsOf(pair: PairEvidence, shape: DataShape): Draft[] {
  const { chosen, rejected, kind, margin, origin } = pair;
  const beside = { inputs: inputsOf(pair), agreement: agreementOf(pair), kind, origin };
  switch (shape) {
    case "dpo":
    case "reward":
      return [{ ...beside, expected: { chosen, rejected }, margin }];
    case "kto":
      return [chosen, rejected].map((completion, place) => ({
        ...beside,
        expected: { completion, label: place === 0 },
      }));
    case "sft":
    case "evaluation":
      return [{ ...beside, expected: chosen.at(-1) ?? null }];
    default:
      return shape satisfies never;
  }
}
