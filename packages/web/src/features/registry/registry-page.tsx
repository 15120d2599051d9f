import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Boxes, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { FilterBar } from "../../components/filter-bar.tsx";
import { formatBytes } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { type Model, useModels } from "./use-registry.ts";

const route = getRouteApi("/shell/models/registry");

/** Registered models with their newest version and where their aliases point. */
export function RegistryPage() {
  const { search } = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const [isImporting, setImporting] = useState(false);
  const list = useModels(search);
  const rows = list.data?.pages.flatMap((page) => page.items);
  const add = can("models:write") && (
    <Button kind="primary" onClick={() => setImporting(true)}>
      <Plus aria-hidden size={14} /> Import a model
    </Button>
  );
  if (list.error && !rows)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The registry could not be loaded" />;
  return (
    <>
      {isImporting && <ImportDialog close={() => setImporting(false)} />}
      {rows?.length === 0 && !search ? (
        <EmptyState
          title="No model is registered yet"
          icon={<Boxes size={22} />}
          action={add}
          code="treadle model import NAME ./model.gguf"
        >
          A training run registers what it made by itself. A model from elsewhere comes as a GGUF file, a safetensors
          folder, or a repository of the hub; every file is looked at before it is kept.
        </EmptyState>
      ) : (
        <>
          <div className="flex items-center gap-2">
            <div className="grow">
              <FilterBar
                label="Search models"
                placeholder="Search by name or description"
                word={search}
                onSearch={(word) => void navigate({ to: "/models/registry", search: { search: word }, replace: true })}
              />
            </div>
            {add}
          </div>
          {rows?.length === 0 ? (
            <EmptyState title="No model matches" icon={<SearchX size={22} />}>
              Search for another name.
            </EmptyState>
          ) : (
            <div className="card overflow-hidden">
              <PlainTable
                label="Registered models"
                columns={COLUMNS}
                rows={rows}
                idOf={({ name }) => name}
                onOpen={({ name }) => void navigate({ to: "/models/registry/$name", params: { name } })}
              />
              <MoreRows list={list} />
            </div>
          )}
        </>
      )}
    </>
  );
}

const COLUMNS: readonly PlainColumn<Model>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-32",
    cell: ({ name, description }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <Link
          to="/models/registry/$name"
          params={{ name }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="text-muted">{description}</span>
      </span>
    ),
  },
  {
    id: "aliases",
    header: "Aliases",
    className: "md:whitespace-nowrap",
    cell: ({ aliases }) =>
      aliases.length === 0 ? (
        <span className="text-muted">–</span>
      ) : (
        aliases.map(({ alias, version }) => `${alias} → v${version}`).join(", ")
      ),
  },
  { id: "latest", header: "Newest", cell: ({ latest }) => (latest ? `v${latest.version}` : "none") },
  {
    id: "format",
    header: "Format",
    isWide: true,
    className: "whitespace-nowrap",
    cell: ({ latest }) => latest?.format ?? "–",
  },
  { id: "stage", header: "Stage", isWide: true, cell: ({ latest }) => latest?.stage ?? "–" },
  {
    id: "size",
    header: "Size",
    isNumber: true,
    isWide: true,
    cell: ({ latest }) => (latest ? formatBytes(latest.sizeBytes) : "–"),
  },
  { id: "updated", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
];
