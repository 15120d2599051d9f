import type { AnnotationQuestion, Consensus, ConsensusItem, ConsensusMethod } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Evals } from "../../experiments/index.ts";
import { type AnsweredItem, listAnswered } from "../evidence/read-answered.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { isCounted, labelOf, readLabel } from "./value-label.ts";

export type ConsensusDeps = {
  readonly db: Postgres;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly ask: Evals["ask"];
};
export type Wanted = { readonly question: string; readonly method: ConsensusMethod };
export type Found = {
  readonly question: AnnotationQuestion;
  /** The least sure first. */
  readonly items: readonly (ConsensusItem & { readonly from: AnsweredItem })[];
  readonly raters: readonly (Omit<Consensus["raters"][number], "annotator"> & { readonly rater: string })[];
};

/**
 * The consensus of a queue's items for one question. Reviewers' decisions are not estimated, and measure the accuracy
 * of people.
 */
export function createConsensusFinder({ db, queues, ask }: ConsensusDeps) {
  return async function find(scope: Scope, queueId: string, { question: key, method }: Wanted): Promise<Found> {
    const queue = await queues.find(scope, queueId);
    checkMayReview(scope, queue);
    const question = (await queues.questionsOf(queue)).find((one) => one.key === key);
    if (!question) throw notFound("question", key);
    if (!isCounted(question)) throw notCounted(question);
    const items = await listAnswered(db, scope, queueId);
    const votes = items.flatMap(({ itemId, answers }) =>
      answers.flatMap(({ annotator, answers: said }) => {
        const label = labelOf(said[key]);
        return label === null ? [] : [{ item: itemId, rater: annotator, label }];
      }),
    );
    const known = new Map(
      items.flatMap(({ itemId, settled, gold }) => {
        const label = labelOf((settled?.answers ?? gold)?.[key]);
        return label === null ? [] : [[itemId, label] as const];
      }),
    );
    const { items: found, raters } = await ask("truth", { votes, known, method });
    const byId = new Map(found.map((one) => [one.item, one]));
    const shown = items
      .filter(({ isGold }) => !isGold)
      .flatMap((from) => {
        const settled = known.get(from.itemId);
        const truth = byId.get(from.itemId);
        if (truth === undefined && settled === undefined) return [];
        const label = settled ?? truth?.label ?? null;
        return [
          {
            itemId: from.itemId,
            preview: from.preview,
            from,
            value: label === null ? null : readLabel(question, label),
            confidence: settled === undefined ? (truth?.confidence ?? 0) : 1,
            votes: truth?.votes ?? 0,
            shares: settled === undefined ? { ...truth?.shares } : { [settled]: 1 },
            isSettled: settled !== undefined,
            traceId: from.source.traceId,
            spanId: from.source.spanId,
          },
        ];
      });
    return { question, items: shown.sort(leastSureFirst), raters };
  };
}

const leastSureFirst = (one: ConsensusItem, other: ConsensusItem) =>
  one.confidence - other.confidence || (one.itemId < other.itemId ? -1 : 1);

const notCounted = ({ key, type }: AnnotationQuestion) =>
  new AppError("unprocessable", {
    message: `"${key}" is a question of the type ${type}, which has no fixed set of answers. Use a binary, label, multilabel or rating question. Comparisons and rankings are under preferences.`,
    details: { question: key, type },
  });
