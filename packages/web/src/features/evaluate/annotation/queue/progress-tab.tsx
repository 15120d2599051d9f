import { Plus } from "lucide-react";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatDuration } from "../../../../components/text/format.ts";
import { endWords, STATUS_LOOKS } from "../shared/queue-words.ts";
import { type Progress, type Queue, useProgress } from "../shared/use-queues.ts";

type Person = Progress["people"][number];

const COLUMNS: readonly PlainColumn<Person>[] = [
  {
    id: "name",
    header: "Person",
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
  { id: "pace", header: "Time per item", isNumber: true, cell: ({ medianMs }) => formatDuration(medianMs) },
  { id: "last", header: "Last answer", isWide: true, cell: ({ lastAnswerAt }) => <AgoCell iso={lastAnswerAt} /> },
];

/** The progress of the queue, the expected end, and the answers per person. */
export function ProgressTab({ queue, add }: { queue: Queue; add: () => void }) {
  const progress = useProgress(queue.queueId);
  if (progress.error && !progress.data)
    return (
      <ErrorState error={progress.error} retry={() => progress.refetch()} title="The progress could not be loaded" />
    );
  if (queue.items.total === 0 && queue.items.gold === 0)
    return (
      <EmptyState
        title="No items yet"
        action={
          queue.mine.mayReview && (
            <Button kind="primary" onClick={add}>
              <Plus aria-hidden size={14} /> Add items
            </Button>
          )
        }
      >
        Add traces, dataset items, two runs to compare, or your own items. A rule in the settings can also add traces
        automatically.
      </EmptyState>
    );
  const { data } = progress;
  return (
    <>
      <Section title="Items">
        <div className="flex flex-col gap-3 px-4 pb-4">
          <ProgressBar
            label="Answers"
            value={data && data.answers.wanted > 0 ? data.answers.given / data.answers.wanted : undefined}
          />
          <dl className="num grid grid-cols-4 gap-x-6 gap-y-3 max-md:grid-cols-2">
            <Figure
              label="Answers"
              value={data && `${formatCount(data.answers.given)} of ${formatCount(data.answers.wanted)}`}
            />
            <Figure label="In progress" value={data && formatCount(data.answers.held)} />
            <Figure
              label="Answers per hour (last 24 hours)"
              value={data && (data.answersPerHour === null ? "–" : formatCount(data.answersPerHour))}
            />
            <Figure label="Expected end" value={data && endWords(data)} />
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
          <p className="px-4 pb-4 text-muted">No answers yet.</p>
        ) : (
          <PlainTable
            label="People"
            columns={COLUMNS}
            rows={data?.people}
            idOf={({ annotator }) => annotator.actorId}
          />
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
