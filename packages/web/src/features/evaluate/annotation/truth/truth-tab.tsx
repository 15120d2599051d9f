import { CONSENSUS_METHODS, type ConsensusMethod } from "@treadle/contract";
import { Scale } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { wordsOfValue } from "../item/value-words.ts";
import type { QueueSearch } from "../shared/annotation-search.ts";
import type { Queue } from "../shared/use-queues.ts";
import { PublishTruth } from "./publish-truth.tsx";
import { type Rater, type TrueItem, useTruth } from "./use-truth.ts";

/** Question types with a consensus. */
const COUNTED = ["binary", "label", "rating", "pairwise", "multilabel"];
const METHOD_WORDS: Readonly<Record<ConsensusMethod, string>> = {
  "dawid-skene": "Dawid–Skene",
  mace: "MACE",
  weighted: "Weighted",
  majority: "Majority",
};

const columnsFor = (open: (itemId: string) => void): readonly PlainColumn<TrueItem>[] => [
  {
    id: "item",
    header: "Item",
    className: "w-full min-w-40",
    cell: ({ itemId, preview }) => (
      <button
        type="button"
        className="line-clamp-1 text-left [overflow-wrap:anywhere] hover:underline"
        onClick={(event) => {
          event.stopPropagation();
          open(itemId);
        }}
      >
        {preview || itemId}
      </button>
    ),
  },
  {
    id: "value",
    header: "Consensus",
    cell: ({ value, isSettled }) => (
      <span className="whitespace-nowrap">
        {value === null ? <span className="text-warn">undecided</span> : wordsOfValue(value)}
        {isSettled && <span className="text-xs text-muted"> settled</span>}
      </span>
    ),
  },
  { id: "confidence", header: "Confidence", isNumber: true, cell: ({ confidence }) => formatPercent(confidence) },
  { id: "votes", header: "Answers", isNumber: true, isWide: true, cell: ({ votes }) => formatCount(votes) },
];

const RELIABILITY: PlainColumn<Rater> = {
  id: "reliability",
  header: <span title="The share of answers that are not random, estimated by MACE">Reliability</span>,
  isNumber: true,
  cell: ({ weight }) => (weight === null ? <span className="text-muted">unknown</span> : formatPercent(weight)),
};

const RATERS: readonly PlainColumn<Rater>[] = [
  {
    id: "who",
    header: "Person",
    className: "w-full min-w-32",
    cell: ({ annotator }) => <span className="[overflow-wrap:anywhere]">{annotator.name}</span>,
  },
  { id: "votes", header: "Answers", isNumber: true, cell: ({ votes }) => formatCount(votes) },
  {
    id: "accuracy",
    header: "Accuracy",
    isNumber: true,
    cell: ({ accuracy }) => (accuracy === null ? <span className="text-muted">unknown</span> : formatPercent(accuracy)),
  },
];

type TabProps = { queue: Queue; change: (next: QueueSearch) => void };

/** The consensus of several answers, its confidence, and its publication. */
export function TruthTab({ queue, change }: TabProps) {
  const questions = queue.questions.filter(({ type }) => COUNTED.includes(type));
  const [question, setQuestion] = useState(questions[0]?.key ?? "");
  const [method, setMethod] = useState<ConsensusMethod>("dawid-skene");
  const [isPublishing, setIsPublishing] = useState(false);
  const truth = useTruth({ queueId: queue.queueId, question, method });
  const first = truth.data?.pages[0];
  const items = truth.data?.pages.flatMap((page) => page.items);
  if (questions.length === 0)
    return (
      <EmptyState title="No consensus for these questions" icon={<Scale size={22} />}>
        A consensus needs questions with fixed answers: yes or no, labels, ratings or comparisons.
      </EmptyState>
    );
  if (truth.error && !items)
    return <ErrorState error={truth.error} retry={() => truth.refetch()} title="The consensus could not be computed" />;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {questions.length > 1 && (
          <Select
            aria-label="Question"
            value={question}
            onChange={({ target }) => setQuestion(target.value)}
            className="w-60! max-md:w-full!"
          >
            {questions.map(({ key, title }) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </Select>
        )}
        <Choice label="Method" names={CONSENSUS_METHODS} words={METHOD_WORDS} chosen={method} onChoose={setMethod} />
        <Button
          kind="primary"
          className="ml-auto"
          disabled={!first || first.total === 0}
          onClick={() => setIsPublishing(true)}
        >
          Publish…
        </Button>
      </div>
      {first && first.total === 0 ? (
        <EmptyState title="No answers yet" icon={<Scale size={22} />}>
          The consensus appears with the first answers.
        </EmptyState>
      ) : (
        <>
          <p className="num text-muted" aria-live="polite">
            {first
              ? `${formatNumberOf(first.total, "item")} with an answer, ${formatCount(first.settled)} settled or known, ${formatCount(first.undecided)} undecided. ${first.meanConfidence === null ? "" : `Mean confidence: ${formatPercent(first.meanConfidence)}. `}Lowest confidence first.`
              : "Computing the consensus…"}
          </p>
          {first?.caution && (
            <p role="note" className="rounded-control bg-warn-soft px-3 py-2 text-pretty">
              {first.caution}
            </p>
          )}
          <div className={`card overflow-hidden ${truth.isPlaceholderData ? "opacity-60" : ""}`}>
            <PlainTable
              label="Consensus"
              columns={columnsFor((item) => change({ tab: "items", item }))}
              rows={items}
              idOf={({ itemId }) => itemId}
            />
            <MoreRows list={truth} />
          </div>
          {first && first.raters.length > 0 && (
            <Section
              title="People"
              description="How often each person agrees with the consensus."
              className="overflow-hidden"
            >
              <PlainTable
                label="People"
                columns={method === "mace" ? [...RATERS, RELIABILITY] : RATERS}
                rows={first.raters}
                idOf={({ annotator }) => annotator.actorId}
              />
            </Section>
          )}
        </>
      )}
      {isPublishing && (
        <PublishTruth
          queueId={queue.queueId}
          question={question}
          method={method}
          close={() => setIsPublishing(false)}
        />
      )}
    </>
  );
}
