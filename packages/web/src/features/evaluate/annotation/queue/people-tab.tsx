import { TriangleAlert, Users } from "lucide-react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatDuration, formatPercent } from "../../../../components/text/format.ts";
import { EstimateCell } from "./estimate-cell.tsx";
import { type Quality, useQuality } from "./use-queue-reports.ts";

const COLUMNS: readonly PlainColumn<Quality>[] = [
  {
    id: "name",
    header: "Person",
    className: "w-full min-w-40",
    cell: ({ annotator, warnings }) => (
      <span className="flex flex-col py-1">
        <span className="[overflow-wrap:anywhere]">{annotator.name}</span>
        {warnings.map((warning) => (
          <span key={warning} className="flex items-start gap-1 text-xs text-warn">
            <TriangleAlert aria-hidden size={12} className="mt-px shrink-0" /> {warning}
          </span>
        ))}
      </span>
    ),
  },
  { id: "answered", header: "Answered", isNumber: true, cell: ({ answered }) => formatCount(answered) },
  {
    id: "gold",
    header: "Test accuracy",
    cell: ({ gold }) =>
      gold.answers === 0 ? (
        <span className="text-muted">none yet</span>
      ) : (
        <span className="num">
          <EstimateCell estimate={gold.accuracy} format={formatPercent} />{" "}
          <span className="text-xs text-muted">n {formatCount(gold.answers)}</span>
        </span>
      ),
  },
  {
    id: "consensus",
    header: "Agreement with others",
    cell: ({ consensus }) =>
      consensus.answers === 0 ? (
        <span className="text-muted">no shared items yet</span>
      ) : (
        <span className="num">
          <EstimateCell estimate={consensus.agreement} format={formatPercent} />{" "}
          <span className="text-xs text-muted">n {formatCount(consensus.answers)}</span>
        </span>
      ),
  },
  {
    id: "left",
    header: "Left chosen",
    isNumber: true,
    isWide: true,
    cell: ({ leftShare }) => (leftShare === null ? <span className="text-faint">–</span> : formatPercent(leftShare)),
  },
  {
    id: "pace",
    header: "Time per item",
    isNumber: true,
    isWide: true,
    cell: ({ medianMs }) => formatDuration(medianMs),
  },
];

/** The quality of each person's answers: accuracy on test items, and agreement with others. */
export function PeopleTab({ queueId }: { queueId: string }) {
  const quality = useQuality(queueId);
  if (quality.error && !quality.data)
    return <ErrorState error={quality.error} retry={() => quality.refetch()} title="The people could not be loaded" />;
  if (quality.data?.items.length === 0)
    return (
      <EmptyState title="No answers yet" icon={<Users size={22} />}>
        This page shows how often each person is right on test items and agrees with others.
      </EmptyState>
    );
  return (
    <Section
      title="People"
      description="Brackets are 95% intervals. Results from few answers are uncertain."
      className="overflow-hidden"
    >
      <PlainTable
        label="People"
        columns={COLUMNS}
        rows={quality.data?.items}
        idOf={({ annotator }) => annotator.actorId}
      />
    </Section>
  );
}
