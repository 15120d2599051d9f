import { Plus } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { formatCount, formatDuration, formatTime } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { STATUS_LOOKS } from "./queue-words.ts";
import { type Progress, type Queue, useProgress } from "./use-queues.ts";

type Person = Progress["people"][number];

const COLUMNS: readonly PlainColumn<Person>[] = [
  {
    id: "name",
    header: "Who",
    className: "w-full min-w-32",
    cell: ({ annotator }) => <span className="[overflow-wrap:anywhere]">{annotator.name}</span>,
  },
  { id: "submitted", header: "Answered", isNumber: true, cell: ({ submitted }) => formatCount(submitted) },
  { id: "today", header: "Today", isNumber: true, cell: ({ answersToday }) => formatCount(answersToday) },
  {
    id: "skipped",
    header: "Skipped",
    isNumber: true,
    isWide: true,
    cell: ({ skipped }) => <span className="text-muted">{formatCount(skipped)}</span>,
  },
  {
    id: "discarded",
    header: "Discarded",
    isNumber: true,
    isWide: true,
    cell: ({ discarded }) => <span className="text-muted">{formatCount(discarded)}</span>,
  },
  {
    id: "flagged",
    header: "Flagged",
    isNumber: true,
    isWide: true,
    cell: ({ flagged }) => <span className="text-muted">{formatCount(flagged)}</span>,
  },
  { id: "pace", header: "Each", isNumber: true, cell: ({ medianMs }) => formatDuration(medianMs) },
  { id: "last", header: "Last", isWide: true, cell: ({ lastAnswerAt }) => <AgoCell iso={lastAnswerAt} /> },
];

/** How far the queue is, when it will be done at this pace, and who has answered how much. */
export function ProgressTab({ queue, add }: { queue: Queue; add: () => void }) {
  const progress = useProgress(queue.queueId);
  if (progress.error && !progress.data)
    return (
      <ErrorState error={progress.error} retry={() => progress.refetch()} title="The progress could not be loaded" />
    );
  if (queue.items.total === 0 && queue.items.gold === 0)
    return (
      <EmptyState
        title="Nothing is asked about yet"
        action={
          queue.mine.mayReview && (
            <Button kind="primary" onClick={add}>
              <Plus aria-hidden size={14} /> Add items
            </Button>
          )
        }
      >
        Add traces, items of a dataset, two runs whose answers are to be compared, or items of your own; or let a rule
        in the settings bring traces by itself.
      </EmptyState>
    );
  const { data } = progress;
  return (
    <>
      <Section title="Items">
        <div className="flex flex-col gap-3 px-4 pb-4">
          <ProgressBar
            label="Answers that were given"
            value={data && data.answers.wanted > 0 ? data.answers.given / data.answers.wanted : undefined}
          />
          <dl className="num grid grid-cols-4 gap-x-6 gap-y-3 max-md:grid-cols-2">
            <Figure
              label="Answers given"
              value={data && `${formatCount(data.answers.given)} of ${formatCount(data.answers.wanted)}`}
            />
            <Figure label="Before somebody now" value={data && formatCount(data.answers.held)} />
            <Figure
              label="Answers an hour, over a day"
              value={data && (data.answersPerHour === null ? "–" : formatCount(data.answersPerHour))}
            />
            <Figure
              label="Done at this pace"
              value={data && (data.doneAt === null ? "no pace yet" : formatTime(data.doneAt))}
            />
          </dl>
          <p className="num flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {data &&
              (["open", "complete", "disputed", "adjudicated", "flagged", "removed"] as const)
                .filter((status) => status === "open" || data.items[status] > 0)
                .map((status) => (
                  <span key={status} className={STATUS_LOOKS[status].look}>
                    ● {formatCount(data.items[status])} {STATUS_LOOKS[status].word}
                  </span>
                ))}
          </p>
        </div>
      </Section>
      <Section title="People" className="overflow-hidden">
        {data?.people.length === 0 ? (
          <p className="px-4 pb-4 text-muted">Nobody has answered yet.</p>
        ) : (
          <PlainTable label="People" columns={COLUMNS} rows={data?.people} idOf={({ annotator }) => annotator.id} />
        )}
      </Section>
    </>
  );
}

const Figure = ({ label, value }: { label: string; value: string | undefined }) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className="text-lg font-semibold">{value ?? "…"}</dd>
  </div>
);
