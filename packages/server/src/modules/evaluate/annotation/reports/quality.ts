import type { AnnotationQuestion, AnnotationValue, AnnotatorQuality, Estimate } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { isRight } from "../answers/compare-answers.ts";
import { medianOf } from "../answers/present-mine.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import { type AnsweredItem, readFacts } from "./read-facts.ts";
import { warningsOf } from "./warn-of-annotators.ts";

type Deps = Pick<AnnotationDeps, "db" | "namesOf"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };
type Share = { hits: number; of: number };
/** The results of one person's answers. */
export type Tally = {
  answered: number;
  readonly gold: Map<string, Share>;
  readonly consensus: Map<string, Share>;
  readonly left: Share;
};

const MOST_ITEMS = 50_000;
const LEVEL = 0.95;

/** Each person's accuracy: on test items, and compared with the majority or a reviewer. */
export function createQuality({ db, namesOf, queues }: Deps) {
  return async function quality(scope: Scope, queueId: string) {
    const queue = await queues.find(scope, queueId);
    checkMayReview(scope, queue);
    const questions = await queues.questionsOf(queue);
    const tallies = new Map<string, Tally>();
    let seenItems = 0;
    for await (const item of readFacts(db, queueId, { fewest: 1 })) {
      if (seenItems === MOST_ITEMS) break;
      seenItems += 1;
      countItem(questions, item, tallies);
    }
    const ids = [...tallies.keys()];
    const names = await namesOf(scope.projectId, ids);
    const medians = new Map(
      (await createAnnotatorStore(db).list(queueId)).flatMap(({ annotator, recentMs }) => {
        const median = medianOf(recentMs);
        return median === null ? [] : [[annotator, median] as const];
      }),
    );
    const items = [...tallies]
      .map(([id, tally]) =>
        toQuality({ actorId: id, name: names.get(id) ?? id }, tally, { medianMs: medians.get(id) ?? null, medians }),
      )
      .sort((a, b) => b.answered - a.answered || a.annotator.name.localeCompare(b.annotator.name));
    return { ...wholeList(items), isPartial: seenItems === MOST_ITEMS };
  };
}

const emptyTally = (): Tally => ({
  answered: 0,
  gold: new Map(),
  consensus: new Map(),
  left: { hits: 0, of: 0 },
});

function add(shares: Map<string, Share>, key: string, isHit: boolean): void {
  const share = shares.get(key) ?? { hits: 0, of: 0 };
  share.of += 1;
  if (isHit) share.hits += 1;
  shares.set(key, share);
}

function countItem(questions: readonly AnnotationQuestion[], item: AnsweredItem, tallies: Map<string, Tally>): void {
  for (const answer of item.answers) {
    const tally = tallies.get(answer.annotator) ?? emptyTally();
    tallies.set(answer.annotator, tally);
    tally.answered += 1;
    const others = item.answers.filter((other) => other !== answer).map((other) => other.answers);
    for (const question of questions) {
      const given = answer.answers[question.key];
      if (given === undefined) continue;
      if (question.type === "pairwise" && answer.order.includes(String(given))) {
        tally.left.of += 1;
        if (answer.order[0] === given) tally.left.hits += 1;
      }
      const gold = item.isGold ? item.gold?.[question.key] : undefined;
      const right = gold === undefined ? null : isRight(question, { given, gold, tolerance: item.tolerance });
      if (right !== null) add(tally.gold, question.key, right);
      if (item.isGold) continue;
      const most = item.settled?.[question.key] ?? mostOf(others.map((values) => values[question.key]));
      const same = most === undefined ? null : isRight(question, { given, gold: most, tolerance: 0 });
      if (same !== null) add(tally.consensus, question.key, same);
    }
  }
}

/** The most frequent answer; undefined when there is a tie or no answer. */
function mostOf(values: readonly (AnnotationValue | undefined)[]): AnnotationValue | undefined {
  const known = values.filter((value) => value !== undefined);
  const groups = [...Map.groupBy(known, (value) => JSON.stringify(value)).values()].sort((a, b) => b.length - a.length);
  const [first, second] = groups;
  return first && first.length > (second?.length ?? 0) ? first[0] : undefined;
}

type Timing = { readonly medianMs: number | null; readonly medians: ReadonlyMap<string, number> };

function toQuality(
  annotator: AnnotatorQuality["annotator"],
  tally: Tally,
  { medianMs, medians }: Timing,
): AnnotatorQuality {
  const [gold, consensus] = [total(tally.gold), total(tally.consensus)];
  const keys = [...new Set([...tally.gold.keys(), ...tally.consensus.keys()])];
  const shareOf = (share: Share | undefined) => (share && share.of > 0 ? share.hits / share.of : null);
  return {
    annotator,
    answered: tally.answered,
    medianMs,
    gold: { answers: gold.of, right: gold.hits, accuracy: toShare(gold, "No test items were answered.") },
    consensus: {
      answers: consensus.of,
      same: consensus.hits,
      agreement: toShare(consensus, "No other annotator has answered the same items, or no answer had a majority."),
    },
    questions: keys.map((question) => ({
      question,
      answers: tally.consensus.get(question)?.of ?? 0,
      agreement: shareOf(tally.consensus.get(question)),
      gold: shareOf(tally.gold.get(question)),
    })),
    leftShare: shareOf(tally.left),
    warnings: warningsOf({
      gold,
      left: tally.left,
      answered: tally.answered,
      medianMs,
      medians: [...medians.values()],
    }),
  };
}

const total = (shares: ReadonlyMap<string, Share>): Share =>
  [...shares.values()].reduce((sum, { hits, of }) => ({ hits: sum.hits + hits, of: sum.of + of }), { hits: 0, of: 0 });

/** A share with Wilson's interval. */
function toShare({ hits, of }: Share, lacking: string): Estimate {
  const interval = wilsonInterval({ successes: hits, n: of });
  return {
    value: of === 0 ? null : hits / of,
    interval: interval && { low: interval[0], high: interval[1], level: LEVEL },
    reason: of === 0 ? lacking : "",
  };
}
