import type { DataRules, DataShape, Item } from "@treadle/contract";
import type { Dropped } from "../evidence/dropped.ts";
import { type AnswerEvidence, keyOf, type Origin, type PairEvidence } from "../evidence/evidence.ts";
import { judgeAnswers } from "../evidence/judge-answers.ts";
import { pairAnswers } from "../preferences/pair-answers.ts";
import type { Draft } from "./draft-row.ts";
import { rowOfAnswer } from "./rows-of-answers.ts";
import { keepPairs } from "./rows-of-pairs.ts";

/** Increased when the same evidence would create different rows. It is stored in the step of the draft. */
export const CONVERSION_VERSION = 2;

type Input = {
  readonly answers: readonly AnswerEvidence[];
  readonly pairs: readonly PairEvidence[];
  readonly shape: DataShape;
  readonly rules: DataRules;
  readonly dropped: Dropped;
};

/** Creates rows from human judgements. The same evidence and rules give the same rows, in the same order. */
export function buildRows({ answers, pairs, shape, rules, dropped }: Input): Item[] {
  const allowed = <Evidence extends { readonly origin: Origin }>(all: readonly Evidence[]) =>
    all.filter(({ origin }) => {
      const reason = whyNotAllowed(origin, rules);
      if (reason !== null) dropped.add(reason, origin.sourceIds);
      return reason === null;
    });
  const judged = judgeAnswers(allowed(answers));
  const given = allowed(pairs);
  const isPaired = shape === "dpo" || shape === "reward";
  const made = isPaired ? pairAnswers(judged, rules.minChange) : [];
  if (isPaired) {
    const used = new Set(made.flatMap(({ origin }) => origin.sourceIds));
    for (const { origin, corrections } of judged)
      if (!origin.sourceIds.some((id) => used.has(id)))
        dropped.add(corrections.length > 0 ? "unchanged" : "noPair", origin.sourceIds);
  }
  const drafts = [
    ...(isPaired ? [] : judged.flatMap((answer) => rowOfAnswer(answer, { shape, rules, dropped }))),
    ...keepPairs([...given, ...made], { shape, rules, dropped }),
  ];
  return nameRows(drafts, { shape, rules, dropped });
}

function whyNotAllowed({ consent, isGuidelineCurrent }: Origin, rules: DataRules) {
  if (rules.consent === "given" && !consent) return "consent";
  return rules.guideline === "current" && !isGuidelineCurrent ? "guideline" : null;
}

type Naming = Pick<Input, "shape" | "rules" | "dropped">;

/** The id is made of what the row says, so that making it again puts it in its own place. */
function nameRows(drafts: readonly Draft[], { shape, rules, dropped }: Naming): Item[] {
  const rows = new Map<string, Item>();
  for (const { inputs, expected, origin, ...said } of drafts) {
    const itemId = `feedback-${keyOf([inputs, expected])}`;
    if (rows.has(itemId)) {
      dropped.add("duplicate", origin.sourceIds);
      continue;
    }
    const { traceId, spanId, model } = origin;
    rows.set(itemId, {
      itemId,
      inputs,
      expected,
      metadata: metadataOf(shape, { ...said, origin }),
      source: { kind: "feedback", ...(traceId && { traceId }), ...(spanId && { spanId }), ...(model && { model }) },
      split: rules.testShare === 0 ? null : splitOf(inputs, rules.testShare),
    });
  }
  return [...rows.values()];
}

const metadataOf = (shape: DataShape, { origin, agreement, margin, kind }: Omit<Draft, "inputs" | "expected">) => ({
  ...(kind !== undefined && { kind }),
  ...(agreement !== null && { agreement }),
  // A column of numbers has one in each row.
  ...(shape === "reward" && { margin: margin ?? 1 }),
  ...(shape === "dpo" && margin != null && { margin }),
  annotators: Math.max(1, origin.annotators.length),
  consent: origin.consent,
  ...(origin.guidelineVersion !== null && { guidelineVersion: origin.guidelineVersion }),
  createdAt: origin.createdAt,
  sourceIds: origin.sourceIds.slice(0, 50),
});

/** All rows of a prompt are in one split, the same one each time. */
function splitOf(inputs: Item["inputs"], testShare: number): string {
  const place = Number.parseInt(keyOf(["split", inputs]).slice(0, 12), 16) / 0x1_0000_0000_0000;
  return place < testShare ? "test" : "train";
}
