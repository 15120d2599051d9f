import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../../api.ts";
import { saveFile } from "../browser/save-file.ts";
import { copyText } from "../feedback/copy-button.tsx";
import { Skeleton } from "../feedback/states.tsx";
import { toastDone } from "../feedback/toast.tsx";
import { Button } from "../form/button.tsx";
import { formatNumberOf } from "../text/format.ts";
import { type TableLayout, widthOf } from "./table-layout.ts";
import type { useSelection } from "./table-rows.ts";

/** Skeleton rows while rows load. */
export function RowsSkeleton<Row>({ layout }: { layout: TableLayout<Row> }) {
  return (
    <div aria-busy className="min-h-0 grow overflow-hidden border-line border-t">
      <div className="h-8 border-line border-b" />
      {Array.from({ length: 24 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows that never move.
        <div key={row} className="flex h-(--row-height) items-center border-line border-b bg-panel pl-9">
          {layout.shown.map((column) => (
            <div key={column.id} className="min-w-0 px-2" style={widthOf(column)}>
              <Skeleton className="h-3.5" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

type Refetched = { isRefetchError: boolean; error: unknown; refetch: () => unknown };

/** A note above rows that failed to refresh: the old rows stay visible. */
export function StaleNote({ list }: { list: Refetched }) {
  if (!list.isRefetchError) return null;
  return (
    <p
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-warn-soft px-6 py-1.5 max-md:px-4"
    >
      <span className="min-w-0 [overflow-wrap:anywhere]">These rows may be out of date. {explain(list.error)}</span>
      <Button size="small" onClick={() => list.refetch()}>
        Retry
      </Button>
    </p>
  );
}

export type List = {
  isFetchNextPageError: boolean;
  hasNextPage: boolean;
  error: unknown;
  fetchNextPage: () => unknown;
};

/** Below the last row: the end of the list, or why the next page failed to load. */
export function ListFoot({ list }: { list: List }) {
  if (list.isFetchNextPageError) {
    return (
      <p role="alert" className="flex items-center gap-3 px-4 py-3 text-bad">
        {explain(list.error)}
        <Button size="small" onClick={() => list.fetchNextPage()}>
          Retry
        </Button>
      </p>
    );
  }
  return list.hasNextPage ? null : <p className="px-4 py-3 text-xs text-muted">No more rows in this time range.</p>;
}

type SelectionBarProps<Row> = {
  rows: readonly Row[];
  idOf: (row: Row) => string;
  selection: ReturnType<typeof useSelection<Row>>;
  /** The noun for a row, such as `span`. */
  what: string;
  /** Extra actions for the selection. */
  children?: (chosen: readonly Row[]) => ReactNode;
};

/** The actions for the selected rows. */
export function SelectionBar<Row>({ rows, idOf, selection, what, children }: SelectionBarProps<Row>) {
  if (selection.ids.size === 0) return null;
  const chosen = rows.filter((row) => selection.ids.has(idOf(row)));
  const words = formatNumberOf(chosen.length, what);
  return (
    <section
      aria-label="Selection"
      className="flex flex-wrap items-center gap-2 border-line border-t bg-panel px-6 py-2 max-md:px-4"
    >
      <span className="num font-medium">{words} selected</span>
      {children?.(chosen)}
      <Button
        size="small"
        onClick={async () => (await copyText(chosen.map(idOf).join("\n"))) && toastDone(`Copied the ids of ${words}`)}
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
