import { TriangleAlert, Users } from "lucide-react";
import { formatCount, formatDuration, formatPercent } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { EstimateCell } from "./estimate-cell.tsx";
import { type Quality, useQuality } from "./use-queue-reports.ts";

const COLUMNS: readonly PlainColumn<Quality>[] = [
  {
    id: "name",
    header: "Who",
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
    header: "Right on test items",
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
    header: "As the others",
    cell: ({ consensus }) =>
      consensus.answers === 0 ? (
        <span className="text-muted">nothing shared yet</span>
      ) : (
        <span className="num">
          <EstimateCell estimate={consensus.agreement} format={formatPercent} />{" "}
          <span className="text-xs text-muted">n {formatCount(consensus.answers)}</span>
        </span>
      ),
  },
  {
    id: "left",
    header: "Left wins",
    isNumber: true,
    isWide: true,
    cell: ({ leftShare }) => (leftShare === null ? <span className="text-faint">–</span> : formatPercent(leftShare)),
  },
  { id: "pace", header: "Each", isNumber: true, isWide: true, cell: ({ medianMs }) => formatDuration(medianMs) },
];

/** How well each person answers: against items whose answers are known, and against the others. */
export function PeopleTab({ queueId }: { queueId: string }) {
  const quality = useQuality(queueId);
  if (quality.error && !quality.data)
    return <ErrorState error={quality.error} retry={() => quality.refetch()} title="The people could not be loaded" />;
  if (quality.data?.items.length === 0)
    return (
      <EmptyState title="Nobody has answered yet" icon={<Users size={22} />}>
        Once people answer, it is told how often each is right on test items and says what the others say.
      </EmptyState>
    );
  return (
    <Section
      title="People"
      description="Brackets are 95% intervals. Few answers say little about anybody."
      className="overflow-hidden"
    >
      <PlainTable label="People" columns={COLUMNS} rows={quality.data?.items} idOf={({ annotator }) => annotator.id} />
    </Section>
  );
}
