import { getRouteApi, Link } from "@tanstack/react-router";
import type { Dataset } from "@treadle/contract";
import { Database, FileUp, ListTree, PencilLine, Plus, ShieldAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, TextInput } from "../../../../components/form/field.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { EvaluationMark } from "../shared/marks.tsx";
import { useDatasets } from "../shared/use-datasets.ts";
import { NewDataset, type Way } from "./new-dataset.tsx";

const route = getRouteApi("/shell/datasets");

/** The project's datasets, and the ways to create one. */
export function DatasetsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const list = useDatasets({ search: search.search ?? "", isEvaluation: search.evaluation === "1" });
  const begin = (way: Way | undefined) =>
    void navigate({ search: (old) => ({ ...old, new: way }), replace: search.new !== undefined });
  const items = list.data?.pages.flatMap((page) => page.items);
  const isNarrowed = Boolean(search.search || search.evaluation);
  const canWrite = can("datasets:write");
  return (
    <>
      <PageHeader
        title="Datasets"
        description="Versioned examples for evaluation and training."
        action={
          canWrite && (
            <Button kind="primary" onClick={() => begin("file")}>
              <Plus aria-hidden size={14} /> New dataset
            </Button>
          )
        }
      >
        {(isNarrowed || (items && items.length > 0)) && <ListFilters />}
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The datasets could not be loaded" />
        ) : items?.length === 0 && !isNarrowed ? (
          <NoDatasets begin={canWrite ? begin : undefined} />
        ) : items?.length === 0 ? (
          <EmptyState
            title="No matching datasets"
            action={<Button onClick={() => void navigate({ search: {} })}>Show all datasets</Button>}
          >
            No dataset has these words in its name or description.
          </EmptyState>
        ) : (
          <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
            <DatasetTable rows={items} />
            <MoreRows list={list} />
          </div>
        )}
      </div>
      {search.new && <NewDataset way={search.new} setWay={begin} close={() => begin(undefined)} />}
    </>
  );
}

function ListFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [word, setWord] = useState(search.search ?? "");
  const settled = useSettled(word.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the typed text updates the address.
  useEffect(() => {
    if (settled !== (search.search ?? ""))
      void navigate({ search: (old) => ({ ...old, search: settled || undefined }), replace: true });
  }, [settled]);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <TextInput
        type="search"
        aria-label="Search datasets"
        placeholder="Search by name or description"
        value={word}
        onChange={({ target }) => setWord(target.value)}
        className="max-w-90"
      />
      <Checkbox
        label="Evaluation datasets only"
        checked={search.evaluation === "1"}
        onChange={({ target }) =>
          void navigate({
            search: (old) => ({ ...old, evaluation: target.checked ? "1" : undefined }),
            replace: true,
          })
        }
      />
    </div>
  );
}

const WAYS = [
  { way: "file", icon: FileUp, title: "From a file", text: "CSV, JSON, JSONL or Parquet, in all common formats." },
  { way: "traces", icon: ListTree, title: "From traces", text: "Inputs and outputs of traces that match a filter." },
  {
    way: "hand",
    icon: PencilLine,
    title: "By hand",
    text: "Enter the first items here, or send them through the API.",
  },
  {
    way: "set",
    icon: ShieldAlert,
    title: "From a test set",
    text: "A built-in set of attacks on a harmless secret, with harmless look-alikes.",
  },
] as const;

function NoDatasets({ begin }: { begin: ((way: Way) => void) | undefined }) {
  return (
    <>
      <EmptyState
        title="No datasets yet"
        icon={<Database size={22} />}
        code={begin && "treadle dataset import questions.jsonl --dataset questions"}
      >
        A dataset holds examples with inputs and expected outputs. Committed versions never change, so you can compare
        today's results with last month's.
      </EmptyState>
      {begin && (
        <ul className="mx-auto grid max-w-220 grid-cols-2 gap-3 max-md:grid-cols-1">
          {WAYS.map(({ way, icon: Icon, title, text }) => (
            <li key={way}>
              <button
                type="button"
                onClick={() => begin(way)}
                className="card flex h-full w-full items-start gap-3 p-4 text-left hover:border-line-strong hover:bg-raised"
              >
                <Icon aria-hidden size={18} className="mt-0.5 shrink-0 text-accent" />
                <span>
                  <span className="block font-medium">{title}</span>
                  <span className="block text-muted text-pretty">{text}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const COLUMNS: readonly PlainColumn<Dataset>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full",
    cell: ({ datasetId, name, description, isEvaluation }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <Link
          to="/datasets/$datasetId"
          params={{ datasetId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        {isEvaluation && <EvaluationMark />}
        <span className="line-clamp-1 text-muted max-md:hidden">{description}</span>
      </span>
    ),
  },
  { id: "rows", header: "Items", isNumber: true, cell: ({ rows }) => formatCount(rows) },
  {
    id: "version",
    header: "Version",
    isNumber: true,
    cell: ({ latestVersion, hasDraft }) => (
      <span className="inline-flex items-center gap-1.5">
        {hasDraft && (
          <span title="The draft has uncommitted changes" className="text-xs text-warn">
            draft
          </span>
        )}
        {latestVersion === null ? <span className="text-muted">none</span> : latestVersion}
      </span>
    ),
  },
  {
    id: "branches",
    header: "Branches",
    isNumber: true,
    isWide: true,
    cell: ({ branches }) => <span className={branches > 1 ? "" : "text-muted"}>{branches}</span>,
  },
  {
    id: "changed",
    header: "Changed",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ updatedAt }) => (
      <span className="num text-muted" title={formatExactTime(updatedAt)}>
        {formatAgo(updatedAt)}
      </span>
    ),
  },
];

function DatasetTable({ rows }: { rows: readonly Dataset[] | undefined }) {
  const navigate = route.useNavigate();
  return (
    <PlainTable
      label="Datasets"
      columns={COLUMNS}
      rows={rows}
      idOf={({ datasetId }) => datasetId}
      onOpen={({ datasetId }) => void navigate({ to: "/datasets/$datasetId", params: { datasetId } })}
    />
  );
}
