import { Link, useNavigate } from "@tanstack/react-router";
import { buttonLook } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { useRowKeys } from "../../components/row-keys.ts";
import type { Queue } from "./use-queues.ts";

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
    header: "People an item",
    isNumber: true,
    isWide: true,
    cell: ({ overlap }) => (
      <span title={`${formatNumberOf(overlap, "person", "people")} answer each item`}>{overlap}</span>
    ),
  },
  { id: "made", header: "Made", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
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

/** Queues with how far each is; j and k move through them. */
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
