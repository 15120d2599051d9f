import { CONSENSUS_METHODS, type ConsensusMethod } from "@treadle/contract";
import { Scale } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Select } from "../../components/field.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import type { QueueSearch } from "./annotation-search.ts";
import { PublishTruth } from "./publish-truth.tsx";
import type { Queue } from "./use-queues.ts";
import { type Rater, type TrueItem, useTruth } from "./use-truth.ts";
import { wordsOfValue } from "./value-words.ts";

/** Answers to these can be counted. */
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
    header: "True",
    cell: ({ value, isSettled }) => (
      <span className="whitespace-nowrap">
        {value === null ? <span className="text-warn">not decided</span> : wordsOfValue(value)}
        {isSettled && <span className="text-xs text-muted"> settled</span>}
      </span>
    ),
  },
  { id: "confidence", header: "How sure", isNumber: true, cell: ({ confidence }) => formatPercent(confidence) },
  { id: "votes", header: "Answers", isNumber: true, isWide: true, cell: ({ votes }) => formatCount(votes) },
];

const RELIABILITY: PlainColumn<Rater> = {
  id: "reliability",
  header: (
    <span title="How often somebody judges rather than answers at random, as MACE estimates it">Reliability</span>
  ),
  isNumber: true,
  cell: ({ weight }) => (weight === null ? <span className="text-muted">unknown</span> : formatPercent(weight)),
};

const RATERS: readonly PlainColumn<Rater>[] = [
  {
    id: "who",
    header: "Who",
    className: "w-full min-w-32",
    cell: ({ annotator }) => <span className="[overflow-wrap:anywhere]">{annotator.name}</span>,
  },
  { id: "votes", header: "Answers", isNumber: true, cell: ({ votes }) => formatCount(votes) },
  {
    id: "accuracy",
    header: "Right, by this",
    isNumber: true,
    cell: ({ accuracy }) => (accuracy === null ? <span className="text-muted">unknown</span> : formatPercent(accuracy)),
  },
];

type TabProps = { queue: Queue; change: (next: QueueSearch) => void };

/** One truth out of several answers, how sure it is, and the way to where it is used. */
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
      <EmptyState title="These answers cannot be counted" icon={<Scale size={22} />}>
        One truth comes out of answers to choose from: yes or no, labels, ratings, comparisons.
      </EmptyState>
    );
  if (truth.error && !items)
    return <ErrorState error={truth.error} retry={() => truth.refetch()} title="The truth could not be found" />;
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
        <Choice label="How" names={CONSENSUS_METHODS} words={METHOD_WORDS} chosen={method} onChoose={setMethod} />
        <Button
          kind="primary"
          className="ml-auto"
          disabled={!first || first.total === 0}
          onClick={() => setIsPublishing(true)}
        >
          Use it…
        </Button>
      </div>
      {first && first.total === 0 ? (
        <EmptyState title="Nobody has answered yet" icon={<Scale size={22} />}>
          What is true is found as soon as there are answers.
        </EmptyState>
      ) : (
        <>
          <p className="num text-muted" aria-live="polite">
            {first
              ? `${formatNumberOf(first.total, "item")} with an answer, ${formatCount(first.settled)} settled by a reviewer or known, ${formatCount(first.undecided)} not decided; ${first.meanConfidence === null ? "no" : formatPercent(first.meanConfidence)} sure on average. The least sure stand first.`
              : "Looking at the answers…"}
          </p>
          {first?.caution && (
            <p role="note" className="rounded-control bg-warn-soft px-3 py-2 text-pretty">
              {first.caution}
            </p>
          )}
          <div className={`card overflow-hidden ${truth.isPlaceholderData ? "opacity-60" : ""}`}>
            <PlainTable
              label="What is true"
              columns={columnsFor((item) => change({ tab: "items", item }))}
              rows={items}
              idOf={({ itemId }) => itemId}
            />
            <MoreRows list={truth} />
          </div>
          {first && first.raters.length > 0 && (
            <Section
              title="People"
              description="How often each said what this holds to be true."
              className="overflow-hidden"
            >
              <PlainTable
                label="People"
                columns={method === "mace" ? [...RATERS, RELIABILITY] : RATERS}
                rows={first.raters}
                idOf={({ annotator }) => annotator.id}
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
