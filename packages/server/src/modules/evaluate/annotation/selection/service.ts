import type { AnnotationItemsAdded, SelectedSpan, Selection, SelectionInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Traces } from "../../../observe/traces/index.ts";
import { askedText, type Embed } from "../queues/asked-text.ts";
import { checkMayRead } from "../queues/check-may-read.ts";
import type { Queues } from "../queues/queues-service.ts";
import type { ItemAdding } from "../sources/add-items.ts";
import { incomingOfSpan } from "../sources/from-spans.ts";
import { type Candidate, type Chosen, chooseCandidates } from "./choose.ts";
import { expectGain } from "./expect-gain.ts";
import { type Judged, measureParts } from "./measure-parts.ts";

export type SelectionDeps = {
  readonly traces: Pick<Traces, "picked">;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly adding: Pick<ItemAdding, "bring">;
  /** One vector for each text. */
  readonly embed: Embed;
};

/** So many are drawn to choose among. */
const MOST_CONSIDERED = 1_000;
/** So many of them, the most worthwhile, are compared by meaning. */
const MOST_COMPARED = 300;
const LONGEST_TEXT = 2_000;
const PREVIEW = 300;
const EMBED_MS = 120_000;

/** The most informative spans to label, and the expected precision. */
export function createSelection({ traces: { picked }, queues, adding, embed }: SelectionDeps) {
  async function withVectors(all: readonly Judged[], input: SelectionInput): Promise<Candidate[]> {
    const parts = measureParts(all, input);
    const worth = parts.map(({ uncertain, disagreement, important }) => uncertain + disagreement + important);
    const wanted = input.weights.unlike > 0 && input.randomShare < 1 ? MOST_COMPARED : 0;
    const compared = [...all.keys()]
      .filter((place) => textOf(all[place]).trim() !== "")
      .sort((one, other) => (worth[other] ?? 0) - (worth[one] ?? 0))
      .slice(0, wanted);
    const texts = compared.map((place) => textOf(all[place]).slice(0, LONGEST_TEXT));
    const vectors = texts.length === 0 ? [] : await embed(texts, AbortSignal.timeout(EMBED_MS));
    const byPlace = new Map(compared.map((place, at) => [place, vectors[at] ?? null]));
    return parts.map((one, place) => ({ ...one, vector: byPlace.get(place) ?? null }));
  }

  /** Puts spans into a queue, with why and by what chance each came. */
  async function bring(scope: Scope, queueId: string, picks: readonly { judged: Judged; chosen: Chosen }[]) {
    const queue = await queues.find(scope, queueId);
    const questions = await queues.questionsOf(queue);
    const added: AnnotationItemsAdded = { added: 0, present: 0, skipped: 0, matching: null };
    for (const [reason, group] of Map.groupBy(picks, ({ chosen }) => chosen.reason)) {
      const items = group.map(({ judged, chosen: { inclusionProbability } }) => {
        const incoming = incomingOfSpan(judged, { questions, suggest: {} });
        return incoming && { ...incoming, inclusionProbability };
      });
      const brought = await adding.bring(
        { matching: null, items },
        { queue, questions, priority: 0, reason: `selection: ${reason}`, ruleId: null },
      );
      added.added += brought.added;
      added.present += brought.present;
      added.skipped += brought.skipped;
    }
    return added;
  }

  return {
    async select(scope: Scope, input: SelectionInput): Promise<Selection> {
      const { filter, from, to, size, randomShare, weights, seed, secondsEach, label, queueId } = input;
      checkMayRead(scope, "traces:read");
      if (queueId !== undefined) await queues.find(scope, queueId);
      const where = { filter, ...(from && { from }), ...(to && { to }) };
      const matching = await picked.count(scope.projectId, where);
      if (matching === 0) throw nothingMatches();
      const keys = await picked.pick(scope.projectId, where, { kind: "random", size: MOST_CONSIDERED, seed });
      const all: Judged[] = [];
      for await (const judged of picked.read(scope.projectId, keys)) all.push(judged);
      const drawnShare = Math.min(1, all.length / matching);
      const candidates = await withVectors(all, input);
      const chosen = chooseCandidates(candidates, { size, randomShare, weights, seed, drawnShare });
      const picks = chosen.flatMap((one) => {
        const judged = all[one.place];
        return judged ? [{ judged, chosen: one }] : [];
      });
      const known = all.filter(
        ({ scores }) => label !== undefined && scores.some(({ name, source }) => name === label && source !== "scorer"),
      );
      const drawn = chosen.filter(({ reason }) => reason === "random").length;
      const labelled = drawnShare === 0 ? 0 : Math.round(known.length / drawnShare);
      return {
        matching,
        considered: all.length,
        spans: picks.map(({ judged, chosen: one }) => toSelected(judged, one, candidates[one.place])),
        gain: expectGain({ labelled, drawn, chosen: chosen.length - drawn, matching }, secondsEach),
        added: queueId === undefined ? null : await bring(scope, queueId, picks),
      };
    },
  };
}
export type SelectionService = ReturnType<typeof createSelection>;

const textOf = (judged: Judged | undefined) => (judged ? askedText(judged.span) : "");

const toSelected = ({ span }: Judged, chosen: Chosen, candidate: Candidate | undefined): SelectedSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  name: span.name,
  reason: chosen.reason,
  worth: chosen.worth,
  preview: textOf({ span, scores: [] }).slice(0, PREVIEW),
  parts: {
    uncertain: candidate?.uncertain ?? 0,
    disagreement: candidate?.disagreement ?? 0,
    important: candidate?.important ?? 0,
    unlike: chosen.unlike,
  },
  inclusionProbability: chosen.inclusionProbability,
});

const nothingMatches = () =>
  new AppError("unprocessable", { message: "No span matches. Widen the filter or the time range." });
