import { useNavigate } from "@tanstack/react-router";
import { type DatasetStats, type ItemRow, parseItemFilter } from "@treadle/contract";
import { BarChart3, FileUp, ListTree, PencilLine, Plus, Search, Sparkles, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { ColumnMenu } from "../../../../components/table/column-menu.tsx";
import type { Column, TableLayout } from "../../../../components/table/table-layout.ts";
import { formatCount } from "../../../../components/text/format.ts";
import type { ItemsSearch } from "../shared/dataset-search.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { VersionMenu } from "../versions/version-menu.tsx";
import { FacetMenu } from "./facet-menu.tsx";

type ToolbarProps = {
  place: DatasetPlace;
  at: string;
  search: ItemsSearch;
  change: (next: ItemsSearch, isNewPlace?: boolean) => void;
  columns: readonly Column<ItemRow>[];
  layout: TableLayout<ItemRow>;
  head: { total: number; rows: number; searchedRows: number } | undefined;
  canEdit: boolean;
  stats: DatasetStats | undefined;
};

/** The toolbar of the items page: the version, the filter, and ways to add items. */
export function ItemsToolbar({ place, at, search, change, columns, layout, head, canEdit, stats }: ToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  const filter = search.filter ?? "";
  useKeys("Items", [
    { keys: "/", label: "Filter items", run: () => input.current?.focus() },
    ...(canEdit ? [{ keys: "n", label: "New item", run: () => change({ add: "hand" }) }] : []),
  ]);
  const setFilter = (text: string) => change({ filter: text || undefined, from: undefined, open: undefined }, true);
  return (
    <div className="@container px-6 pt-3 pb-2 max-md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <VersionMenu
          place={place}
          at={at}
          onChoose={(next) => change({ at: next, open: undefined, edit: undefined }, true)}
        />
        <FilterInput key={filter} input={input} filter={filter} onApply={setFilter} />
        <FacetMenu stats={stats} filter={filter} onFilter={setFilter} />
        <Button
          aria-pressed={search.field !== undefined}
          onClick={() => change({ field: search.field === undefined ? firstField(stats) : undefined })}
          className={search.field === undefined ? "" : "border-accent! bg-accent-soft! text-accent!"}
        >
          <BarChart3 aria-hidden size={14} /> <span className="@max-3xl:sr-only">Distribution</span>
        </Button>
        <div className="max-md:hidden">
          <ColumnMenu columns={columns} layout={layout} />
        </div>
        {canEdit && <AddMenu change={change} />}
      </div>
      <Reach head={head} filter={filter} search={search} change={change} />
    </div>
  );
}

/** The field for the distribution panel: the expected label if there is one, or else the first field. */
const firstField = (stats: DatasetStats | undefined) =>
  stats?.labels ? "expected" : (stats?.fields[0]?.field ?? "expected");

type FilterProps = { input: RefObject<HTMLInputElement | null>; filter: string; onApply: (text: string) => void };

/** The filter is applied on Enter or on blur, so that unfinished input causes no error. */
function FilterInput({ input, filter, onApply }: FilterProps) {
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const [problem] = text.trim() === filter ? [] : parseItemFilter(text).problems;
  const apply = () => !problem && text.trim() !== filter && onApply(text.trim());
  return (
    <search className="relative min-w-48 grow basis-60 max-md:order-last max-md:basis-full">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <Search aria-hidden size={14} className="pointer-events-none absolute top-2.25 left-2.5 text-muted" />
        <input
          ref={input}
          aria-label="Filter items"
          spellCheck={false}
          autoComplete="off"
          value={text}
          placeholder='split:train inputs.topic:refund "some words"'
          onChange={({ target }) => setText(target.value)}
          onBlur={apply}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            setText(filter);
            event.currentTarget.blur();
          }}
          aria-invalid={problem && document.activeElement !== input.current ? true : undefined}
          className="control w-full pr-8 pl-8"
        />
        {problem && (
          <p
            role="status"
            className="absolute inset-x-0 top-9 z-20 rounded-control border border-line bg-panel px-2 py-1 text-xs text-warn shadow-lg shadow-scrim/20"
          >
            {problem.message}
          </p>
        )}
        {text !== "" && (
          <IconButton
            size="small"
            label="Clear filter"
            onClick={() => (filter === "" ? setText("") : onApply(""))}
            className="absolute top-1 right-1"
          >
            <X size={14} />
          </IconButton>
        )}
      </form>
    </search>
  );
}

type ReachProps = Pick<ToolbarProps, "head" | "search" | "change"> & { filter: string };

/** The number of matching items, the offset, and the state of the index. */
function Reach({ head, filter, search, change }: ReachProps) {
  const from = Number(search.from ?? 0);
  const isNarrowed = filter !== "" || search.sort !== undefined;
  if (!head) return <p className="mt-2 h-5" />;
  return (
    <div className="mt-2 flex min-h-5 flex-wrap items-center gap-x-3 text-xs text-muted">
      <span className="num">
        {filter === "" ? formatCount(head.rows) : `${formatCount(head.total)} of ${formatCount(head.rows)}`}{" "}
        {head.rows === 1 ? "item" : "items"}
      </span>
      {head.total > 200 && <GoTo key={from} from={from} total={head.total} change={change} />}
      {from > 0 && (
        <button type="button" onClick={() => change({ from: undefined })} className="text-accent hover:underline">
          Back to first item
        </button>
      )}
      {isNarrowed && head.searchedRows < head.rows && (
        <span role="status" className="text-warn">
          {formatCount(head.rows - head.searchedRows)} of them are still being indexed and not searched yet
        </span>
      )}
    </div>
  );
}

type GoToProps = { from: number; total: number; change: ToolbarProps["change"] };

/** Jumps to any position of a long list. */
function GoTo({ from, total, change }: GoToProps) {
  const [text, setText] = useState(from > 0 ? String(from + 1) : "");
  function go() {
    const place = Number(text);
    if (!Number.isInteger(place) || place < 1) return;
    const next = Math.min(place, total) - 1;
    change({ from: next > 0 ? String(next) : undefined, open: undefined }, true);
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      className="flex items-center gap-1"
    >
      <label className="flex items-center gap-1">
        Go to
        <input
          inputMode="numeric"
          value={text}
          onChange={({ target }) => setText(target.value.replaceAll(/\D/g, ""))}
          placeholder="1"
          className="num h-5 w-20 rounded border border-line-strong bg-panel px-1.5"
        />
      </label>
    </form>
  );
}

function AddMenu({ change }: { change: ToolbarProps["change"] }) {
  const navigate = useNavigate();
  return (
    <Menu
      align="end"
      trigger={
        <Button>
          <Plus aria-hidden size={14} className="text-muted" /> <span className="@max-3xl:sr-only">Add</span>
        </Button>
      }
    >
      <MenuItem icon={<PencilLine size={14} />} onSelect={() => change({ add: "hand" })}>
        Item by hand
      </MenuItem>
      <MenuItem icon={<ListTree size={14} />} onSelect={() => change({ add: "traces" })}>
        From traces…
      </MenuItem>
      <MenuItem
        icon={<FileUp size={14} />}
        onSelect={() => void navigate({ from: "/datasets/$datasetId", to: "/datasets/$datasetId/import" })}
      >
        From file…
      </MenuItem>
      <MenuItem
        icon={<Sparkles size={14} />}
        onSelect={() => void navigate({ from: "/datasets/$datasetId", to: "/datasets/$datasetId/generate" })}
      >
        Generate…
      </MenuItem>
    </Menu>
  );
}
