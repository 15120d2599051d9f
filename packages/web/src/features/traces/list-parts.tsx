import { Link } from "@tanstack/react-router";
import { Download, ListTree } from "lucide-react";
import { explain } from "../../api.ts";
import { Button, buttonLook } from "../../components/button.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { formatCount } from "../../components/format.ts";
import { saveFile } from "../../components/save-file.ts";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import type { TableLayout } from "../../components/table-layout.ts";
import type { useSelection } from "../../components/table-rows.ts";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { hasFilter, type TraceFilter } from "./trace-filter.ts";
import type { useSpans, useTraces } from "./use-traces.ts";

type List = ReturnType<typeof useSpans> | ReturnType<typeof useTraces>;
type What = "span" | "trace";

/** What stands in place of the rows while there are none: grey rows, an error, or why it is empty. */
export function ListState<Row>({
  list,
  what,
  filter,
  layout,
}: {
  list: List;
  what: What;
  filter: TraceFilter;
  layout: TableLayout<Row>;
}) {
  const project = useProject();
  if (list.isPending) return <RowsSkeleton layout={layout} />;
  if (list.error)
    return <ErrorState error={list.error} retry={() => list.refetch()} title={`The ${what}s could not be loaded`} />;
  if (hasFilter(filter)) {
    return (
      <EmptyState title={`No ${what} matches`} icon={<ListTree size={22} />}>
        Take a filter away, or choose a longer time at the top right.
      </EmptyState>
    );
  }
  const sample = project.projects.find((candidate) => candidate.isSample && candidate.id !== project.id);
  return (
    <EmptyState
      title={`No ${what} in this time`}
      icon={<ListTree size={22} />}
      code={`curl ${location.origin}/v1/chat/completions -H "Authorization: Bearer $TREADLE_API_KEY" -H "Content-Type: application/json" -d '{"model": "smollm2-135m-instruct", "messages": [{"role": "user", "content": "Hello"}]}'`}
      action={
        sample && (
          <Link to="/traces" search={{ project: sample.id }} className={buttonLook("plain")}>
            See the sample project's
          </Link>
        )
      }
    >
      Every call through this server is recorded here within a second, and so are spans that your own code sends to it.
    </EmptyState>
  );
}

function RowsSkeleton<Row>({ layout }: { layout: TableLayout<Row> }) {
  return (
    <div aria-busy className="min-h-0 grow overflow-hidden border-line border-t">
      <div className="h-8 border-line border-b" />
      {Array.from({ length: 24 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows that never move.
        <div key={row} className="flex h-(--row-height) items-center border-line border-b bg-panel pl-9">
          {layout.shown.map((column) => (
            <div key={column.id} className="shrink-0 px-2" style={{ width: column.width }}>
              <Skeleton className="h-3.5" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Under the last row: where the list ends, or why it does not go on. */
export function ListFoot({ list }: { list: List }) {
  if (list.isFetchNextPageError) {
    return (
      <p role="alert" className="flex items-center gap-3 px-4 py-3 text-bad">
        {explain(list.error)}
        <Button size="small" onClick={() => list.fetchNextPage()}>
          Try again
        </Button>
      </p>
    );
  }
  return list.hasNextPage ? null : <p className="px-4 py-3 text-xs text-muted">That is all in this time.</p>;
}

type SelectionBarProps<Row> = {
  rows: readonly Row[];
  idOf: (row: Row) => string;
  selection: ReturnType<typeof useSelection<Row>>;
  what: What;
};

/** What can be done with the selected rows. */
export function SelectionBar<Row>({ rows, idOf, selection, what }: SelectionBarProps<Row>) {
  if (selection.ids.size === 0) return null;
  const chosen = rows.filter((row) => selection.ids.has(idOf(row)));
  const words = `${formatCount(chosen.length)} ${what}${chosen.length === 1 ? "" : "s"}`;
  return (
    <section
      aria-label="Selection"
      className="flex flex-wrap items-center gap-2 border-line border-t bg-panel px-6 py-2 max-md:px-4"
    >
      <span className="num font-medium">{words} selected</span>
      <Button
        size="small"
        onClick={async () => (await copyText(chosen.map(idOf).join("\n"))) && toastDone(`Copied ${words}' ids`)}
      >
        Copy ids
      </Button>
      <Button
        size="small"
        onClick={() =>
          saveFile(`${what}s.jsonl`, `${chosen.map((row) => JSON.stringify(row)).join("\n")}\n`, "application/jsonl")
        }
      >
        <Download aria-hidden size={12} /> Download as JSONL
      </Button>
      <Button size="small" kind="quiet" onClick={selection.clear}>
        Clear
      </Button>
    </section>
  );
}
