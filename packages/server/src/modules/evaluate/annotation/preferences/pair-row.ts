import type { PreferencePair } from "@treadle/contract";
import { storableJson, storableText } from "../../experiments/index.ts";
import { agreementOf, keyOf, type PairEvidence, promptKey, textOf } from "../evidence/evidence.ts";
import type { PairRow } from "./pair-store.ts";

const MOST_SAID = 8_000;
const MOST_VARIANT = 300;

type Written = {
  readonly id: string;
  readonly projectId: string;
  readonly queueId: string | null;
  readonly at: Date;
  /** How often the winner was on the left, and on the right. */
  readonly leftWins?: number;
  readonly rightWins?: number;
};

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. */
const storable = <Value>(value: Value): Value => JSON.parse(storableJson(value));

export function toPairRow(pair: PairEvidence, { at, leftWins = 0, rightWins = 0, ...place }: Written): PairRow {
  const { prompt, tools, chosen, rejected, kind, votes, margin, isTie, origin } = storable(pair);
  const sides = [keyOf(chosen), keyOf(rejected)].sort();
  const text = [prompt, chosen, rejected].map((messages) => textOf(messages).slice(0, MOST_SAID)).join("\n");
  return {
    ...place,
    pairKey: keyOf([place.queueId, kind, promptKey(pair), sides]),
    kind,
    prompt: [...prompt],
    tools: tools && [...tools],
    chosen: [...chosen],
    rejected: [...rejected],
    said: storableText(text),
    promptKey: promptKey(pair),
    chosenVariant: pair.chosenVariant.slice(0, MOST_VARIANT),
    rejectedVariant: pair.rejectedVariant.slice(0, MOST_VARIANT),
    isTie,
    votesChosen: votes.chosen,
    votesRejected: votes.rejected,
    votesTie: votes.tie,
    leftWins,
    rightWins,
    margin,
    conflict: null,
    sourceIds: [...origin.sourceIds],
    annotators: [...origin.annotators],
    traceId: origin.traceId,
    spanId: origin.spanId,
    model: origin.model,
    consent: origin.consent,
    guidelineVersion: origin.guidelineVersion,
    createdAt: new Date(origin.createdAt),
    collectedAt: at,
  };
}

/** `guidelineOf` returns a queue's newest guideline. */
export const toEvidence = (row: PairRow, guidelineOf: ReadonlyMap<string, number>): PairEvidence => ({
  kind: row.kind,
  prompt: row.prompt,
  tools: row.tools,
  chosen: row.chosen,
  rejected: row.rejected,
  chosenVariant: row.chosenVariant,
  rejectedVariant: row.rejectedVariant,
  isTie: row.isTie,
  votes: { chosen: row.votesChosen, rejected: row.votesRejected, tie: row.votesTie },
  margin: row.margin,
  conflict: row.conflict,
  origin: {
    sourceIds: row.sourceIds,
    annotators: row.annotators,
    guidelineVersion: row.guidelineVersion,
    isGuidelineCurrent:
      row.guidelineVersion === null || row.guidelineVersion >= (guidelineOf.get(row.queueId ?? "") ?? 0),
    consent: row.consent,
    createdAt: row.createdAt.toISOString(),
    traceId: row.traceId,
    spanId: row.spanId,
    model: row.model,
  },
});

export function toPreferencePair(row: PairRow): PreferencePair {
  const { votes, origin, ...pair } = toEvidence(row, new Map());
  return {
    pairId: row.id,
    kind: pair.kind,
    prompt: row.prompt,
    chosen: row.chosen,
    rejected: row.rejected,
    chosenVariant: pair.chosenVariant,
    rejectedVariant: pair.rejectedVariant,
    isTie: pair.isTie,
    votes,
    agreement: agreementOf({ votes }),
    margin: pair.margin,
    conflict: pair.conflict,
    queueId: row.queueId,
    sourceIds: row.sourceIds,
    annotators: Math.max(1, row.annotators.length),
    guidelineVersion: origin.guidelineVersion,
    consent: origin.consent,
    createdAt: origin.createdAt,
  };
}
