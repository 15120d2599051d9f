import { Link, useNavigate } from "@tanstack/react-router";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { Queue } from "../shared/use-queues.ts";

const COLUMNS: readonly PlainColumn<Queue>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-48",
    cell: ({ queueId, name, isOpen, questions, description }) => (
      <span className="flex min-w-0 flex-col py-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to="/annotation/$queueId"
            params={{ queueId }}
            data-row
            className="font-medium [overflow-wrap:anywhere] hover:underline"
            onClick={(event) => event.stopPropagation()}
          >
            {name}
          </Link>
          {!isOpen && <span className="text-sm text-muted">● closed</span>}
        </span>
        <span className="line-clamp-1 text-xs text-muted">
          {description || questions.map(({ title }) => title).join(" · ")}
        </span>
      </span>
    ),
  },
  {
    id: "progress",
    header: "Done",
    className: "min-w-40",
    cell: ({ items, name }) => (
      <span className="num flex items-center gap-2 whitespace-nowrap">
        <ProgressBar
          label={`Done of ${name}`}
          value={items.total === 0 ? 0 : items.done / items.total}
          className="w-20 max-md:w-12"
        />
        {formatCount(items.done)} of {formatCount(items.total)}
      </span>
    ),
  },
  {
    id: "review",
    header: "To review",
    isNumber: true,
    isWide: true,
    cell: ({ items }) => (
      <span className={items.toReview > 0 ? "font-medium text-warn" : "text-muted"}>{formatCount(items.toReview)}</span>
    ),
  },
  {
    id: "mine",
    header: "By you",
    isNumber: true,
    isWide: true,
    cell: ({ mine }) => <span className="text-muted">{formatCount(mine.submitted)}</span>,
  },
  {
    id: "overlap",
    header: "People per item",
    isNumber: true,
    isWide: true,
    cell: ({ overlap }) => <span title={`${formatNumberOf(overlap, "person", "people")} per item`}>{overlap}</span>,
  },
  { id: "made", header: "Created", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
  {
    id: "answer",
    header: <span className="sr-only">Answer</span>,
    className: "w-px",
    cell: ({ queueId, name, isOpen, mine, items }) =>
      isOpen && mine.mayAnswer && items.open > 0 ? (
        <Link
          to="/annotation/$queueId/answer"
          params={{ queueId }}
          aria-label={`Answer ${name}`}
          className={buttonLook("plain", "small")}
          onClick={(event) => event.stopPropagation()}
        >
          Answer
        </Link>
      ) : null,
  },
];

/** The table of queues with their progress. The keys j and k move through it. */
export function QueueTable({ rows }: { rows: readonly Queue[] | undefined }) {
  const box = useRowKeys("Queues");
  const navigate = useNavigate();
  return (
    <div ref={box}>
      <PlainTable
        label="Queues"
        columns={COLUMNS}
        rows={rows}
        idOf={({ queueId }) => queueId}
        onOpen={({ queueId }) => void navigate({ to: "/annotation/$queueId", params: { queueId } })}
      />
    </div>
  );
}
