import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../../components/form/button.tsx";
import { DurationCell, MoneyCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { growthWords, labelOf, orderTopics, type TopicRow } from "./order-topics.ts";
import { TopicTrend } from "./topic-trend.tsx";
import type { Topic } from "./use-topics.ts";

type TableProps = { topics: readonly Topic[]; shown: string | undefined; open: (topicId: string) => void };

/** Topics as a list of bars with their subtopics. */
export function TopicTable({ topics, shown, open }: TableProps) {
  const { unfolded, foldOf } = useFolds(topics);
  const box = useRowKeys("Topics");
  const most = Math.max(...topics.map(({ share }) => share));
  const label: PlainColumn<TopicRow> = {
    id: "label",
    header: "Topic",
    className: "w-full min-w-0",
    cell: (row) => {
      const { topicId } = row.topic;
      return <LabelCell row={row} most={most} isOpen={topicId === shown} open={open} fold={foldOf(topicId)} />;
    },
  };
  return (
    <div ref={box} className="card min-w-0 self-start overflow-hidden">
      <PlainTable
        label="Topics"
        columns={[label, ...(shown === undefined ? NUMBERS : NUMBERS_NEXT_TO_A_TOPIC)]}
        rows={orderTopics(topics, unfolded)}
        idOf={({ topic }) => topic.topicId}
      />
    </div>
  );
}

/** Which topics show their subtopics. A topic without subtopics has no fold. */
function useFolds(topics: readonly Topic[]) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const parents = new Set(topics.map(({ parentId }) => parentId));
  const toggle = (id: string) =>
    setUnfolded(new Set(unfolded.has(id) ? [...unfolded].filter((other) => other !== id) : [...unfolded, id]));
  const foldOf = (id: string) =>
    parents.has(id) ? { isUnfolded: unfolded.has(id), toggle: () => toggle(id) } : undefined;
  return { unfolded, foldOf };
}

const NUMBERS: readonly PlainColumn<TopicRow>[] = [
  { id: "traces", header: "Traces", isNumber: true, cell: ({ topic }) => formatCount(topic.traces) },
  { id: "trend", header: "Per day", isWide: true, cell: ({ topic }) => <TopicTrend topic={topic} /> },
  { id: "growth", header: "Change", isWide: true, cell: ({ topic }) => <Growth topic={topic} /> },
  {
    id: "errors",
    header: "Errors",
    isNumber: true,
    isWide: true,
    cell: ({ topic }) => formatPercent(topic.errorRate),
  },
  {
    id: "cost",
    header: "Cost per trace",
    isNumber: true,
    isWide: true,
    cell: ({ topic }) => <MoneyCell usd={topic.costUsd} />,
  },
  {
    id: "p95",
    header: "P95",
    isNumber: true,
    isWide: true,
    cell: ({ topic }) => <DurationCell ms={topic.durationP95Ms} />,
  },
];

/** The panel of a topic shows the others. */
const NUMBERS_NEXT_TO_A_TOPIC = NUMBERS.filter(({ id }) => id === "traces" || id === "growth");

const LOOKS = { growing: "text-info", shrinking: "text-warn", inconclusive: "text-muted" } as const;

export const Growth = ({ topic }: { topic: Topic }) => (
  <span
    className={`whitespace-nowrap text-sm ${topic.isNew ? "text-info" : LOOKS[topic.growth?.verdict ?? "inconclusive"]}`}
  >
    {growthWords(topic)}
  </span>
);

type Fold = { isUnfolded: boolean; toggle: () => void };
type LabelProps = {
  row: TopicRow;
  isOpen: boolean;
  open: (topicId: string) => void;
  most: number;
  fold: Fold | undefined;
};

function LabelCell({ row: { topic, isSub }, isOpen, open, most, fold }: LabelProps) {
  const label = labelOf(topic);
  return (
    <div className={`flex min-w-0 items-center gap-1 py-1 ${isSub ? "pl-7" : ""}`}>
      {fold ? <FoldButton label={label} fold={fold} /> : !isSub && <span className="w-6 shrink-0" />}
      <div className="min-w-0 grow">
        <button
          type="button"
          data-row
          dir="auto"
          onClick={() => open(topic.topicId)}
          aria-pressed={isOpen}
          className="max-w-full text-left font-medium [overflow-wrap:anywhere] hover:underline aria-pressed:text-accent"
        >
          {label}
        </button>
        <ShareBar share={topic.share} most={most} />
      </div>
    </div>
  );
}

const FoldButton = ({ label, fold: { isUnfolded, toggle } }: { label: string; fold: Fold }) => (
  <IconButton
    size="small"
    label={`${isUnfolded ? "Hide" : "Show"} subtopics of ${label}`}
    aria-expanded={isUnfolded}
    onClick={toggle}
  >
    {isUnfolded ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
  </IconButton>
);

const ShareBar = ({ share, most }: { share: number; most: number }) => (
  <div className="mt-0.5 flex items-center gap-2">
    <div className="h-1.5 grow overflow-hidden rounded bg-raised">
      <div className="h-full rounded bg-accent" style={{ width: `${(share / most) * 100}%` }} />
    </div>
    <span className="num w-12 shrink-0 text-right text-xs text-muted">{formatPercent(share)}</span>
  </div>
);
