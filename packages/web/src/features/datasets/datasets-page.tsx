import { getRouteApi, Link } from "@tanstack/react-router";
import type { Dataset } from "@treadle/contract";
import { Database, FileUp, ListTree, PencilLine, Plus, ShieldAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Checkbox, TextInput } from "../../components/field.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { PageHeader } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useSettled } from "../../components/use-settled.ts";
import { useProject } from "../session/index.ts";
import { EvaluationMark } from "./marks.tsx";
import { NewDataset, type Way } from "./new-dataset.tsx";
import { useDatasets } from "./use-datasets.ts";

const route = getRouteApi("/shell/datasets");

/** The project's datasets, and the ways to make one. */
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
        description="Examples to evaluate and to train with, in versions that never change."
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
            title="No dataset matches"
            action={<Button onClick={() => void navigate({ search: {} })}>Show all datasets</Button>}
          >
            Neither a name nor a description has these words in it.
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what is typed, and nothing else.
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
        label="Only evaluation sets"
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
  { way: "file", icon: FileUp, title: "From a file", text: "CSV, JSON, JSONL or Parquet, in any of the usual shapes." },
  { way: "traces", icon: ListTree, title: "From traces", text: "What users asked and what they got, by a filter." },
  { way: "hand", icon: PencilLine, title: "By hand", text: "Write the first items yourself, here or through the API." },
  {
    way: "set",
    icon: ShieldAlert,
    title: "From a test set",
    text: "Attacks on a harmless secret and look-alikes, which come with the program.",
  },
] as const;

function NoDatasets({ begin }: { begin: ((way: Way) => void) | undefined }) {
  return (
    <>
      <EmptyState
        title="No dataset yet"
        icon={<Database size={22} />}
        code={begin && "treadle dataset import questions.jsonl --dataset questions"}
      >
        A dataset holds examples: what goes in, and what should come out. Its versions never change, so that a result of
        today can be compared with one of last month.
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
          <span title="The draft has changes that are not committed" className="text-xs text-warn">
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
