import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../../system/session/index.ts";
import { type IssueDetail, type IssueOccurrence, useOccurrences } from "./use-issues.ts";

const ToDatasetDialog = lazy(() =>
  import("../../data/to-dataset/index.ts").then((module) => ({ default: module.ToDatasetDialog })),
);

/** The newest occurrences, with links to their traces. They can become items of a dataset. */
export function IssueOccurrences({ issue }: { issue: IssueDetail }) {
  const list = useOccurrences(issue.issueId);
  const [isAdding, setIsAdding] = useState(false);
  const canAdd = useProject().can("datasets:write");
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const spans = (rows ?? []).filter(({ spanId }) => spanId !== "").map(({ traceId, spanId }) => ({ traceId, spanId }));
  return (
    <Section
      title="Occurrences"
      description="The newest, up to 500 per fingerprint."
      action={canAdd && spans.length > 0 && <AddButton add={() => setIsAdding(true)} />}
    >
      {list.error && !rows ? (
        <ErrorState error={list.error} retry={() => list.refetch()} />
      ) : (
        <PlainTable label="Occurrences" columns={COLUMNS} rows={rows} idOf={({ occurrenceId }) => occurrenceId} />
      )}
      <MoreRows list={list} />
      {isAdding && (
        <Suspense>
          <ToDatasetDialog select={{ spans: uniqueSpans(spans) }} close={() => setIsAdding(false)} />
        </Suspense>
      )}
    </Section>
  );
}

const AddButton = ({ add }: { add: () => void }) => (
  <Button size="small" onClick={add}>
    Add to dataset
  </Button>
);

type Key = { traceId: string; spanId: string };
const uniqueSpans = (spans: readonly Key[]) => [
  ...new Map(spans.map((one) => [`${one.traceId} ${one.spanId}`, one])).values(),
];

const COLUMNS: readonly PlainColumn<IssueOccurrence>[] = [
  {
    id: "message",
    header: "Message",
    className: "w-full min-w-0",
    cell: (occurrence) => <Message occurrence={occurrence} />,
  },
  {
    id: "release",
    header: "Release",
    isWide: true,
    className: "max-w-36 min-w-20",
    cell: ({ release }) =>
      release ? (
        <span title={release} className="line-clamp-2 [overflow-wrap:anywhere]">
          {release}
        </span>
      ) : (
        <span className="text-muted">none</span>
      ),
  },
  { id: "at", header: "Time", cell: ({ at }) => <AgoCell iso={at} /> },
];

const Message = ({ occurrence: { traceId, spanId, message, isContentHidden } }: { occurrence: IssueOccurrence }) => (
  <Link
    to="/traces/$traceId"
    params={{ traceId }}
    search={{ span: spanId || undefined }}
    dir="auto"
    className="line-clamp-2 text-left [overflow-wrap:anywhere] hover:underline"
  >
    {message || (isContentHidden ? "Hidden" : "Open the trace")}
  </Link>
);
