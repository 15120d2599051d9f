import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { MODEL_STAGES } from "@treadle/contract";
import { Boxes, GitCompare, Import, SearchX, Upload } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { AgoCell, TagsCell } from "../../../components/table/cells.tsx";
import { FilterBar, FilterSelect } from "../../../components/table/filter-bar.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useRowKeys } from "../../../components/table/row-keys.ts";
import { formatBytes } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import type { RegistrySearch } from "./shared/registry-search.ts";
import { StageMark } from "./shared/stage-mark.tsx";
import { tagText } from "./shared/tag-words.ts";
import { type Model, useModelFilters, useModels, useStageRequests } from "./shared/use-registry.ts";
import { ImportDialog } from "./upload/import-dialog.tsx";
import { UploadDialog } from "./upload/upload-dialog.tsx";

const route = getRouteApi("/shell/models/registry");

/** Registered models with their newest version and their aliases. */
export function RegistryPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useProject();
  const [adding, setAdding] = useState<"upload" | "import">();
  const canWrite = can("models:write");
  const stage = MODEL_STAGES.find((one) => one === search.stage);
  const list = useModels({ search: search.search ?? "", tag: search.tag, base: search.base, stage });
  const rows = list.data?.pages.flatMap((page) => page.items);
  // The address contains other parameters too, such as the project.
  const isNarrowed = [search.search, search.tag, search.base, stage].some((value) => value !== undefined);
  useKeys("Models", canWrite ? [{ keys: "n", label: "Upload model", run: () => setAdding("upload") }] : []);
  const narrow = (next: RegistrySearch) =>
    void navigate({ to: "/models/registry", search: { ...search, ...next }, replace: true });
  if (list.error && !rows)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The registry could not be loaded" />;
  const add = canWrite && <AddButtons onAdd={setAdding} />;
  return (
    <>
      {adding === "upload" && <UploadDialog close={() => setAdding(undefined)} />}
      {adding === "import" && <ImportDialog close={() => setAdding(undefined)} />}
      {rows?.length === 0 && !isNarrowed ? (
        <EmptyState
          title="No models yet"
          icon={<Boxes size={22} />}
          action={add}
          code="treadle model import NAME ./model.gguf"
        >
          Training runs register their models automatically. You can also import a GGUF file, a safetensors folder or a
          Hugging Face repository. Every file is scanned before it is stored.
        </EmptyState>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <div className="min-w-0 grow">
              <Narrowing search={search} onChange={narrow} />
            </div>
            {(rows?.length ?? 0) > 0 && (
              <Link to="/models/compare" className={buttonLook()}>
                <GitCompare aria-hidden size={14} /> Compare
              </Link>
            )}
            {add}
          </div>
          <Waiting />
          {rows?.length === 0 ? (
            <EmptyState
              title="No matching models"
              icon={<SearchX size={22} />}
              action={
                <Button onClick={() => void navigate({ to: "/models/registry", search: {}, replace: true })}>
                  Show all models
                </Button>
              }
            >
              The search covers names, descriptions, notes and tags.
            </EmptyState>
          ) : (
            <ModelTable rows={rows}>
              <MoreRows list={list} />
            </ModelTable>
          )}
        </>
      )}
    </>
  );
}

function AddButtons({ onAdd }: { onAdd: (way: "upload" | "import") => void }) {
  return (
    <>
      <Button onClick={() => onAdd("import")}>
        <Import aria-hidden size={14} /> Import
      </Button>
      <Button kind="primary" onClick={() => onAdd("upload")}>
        <Upload aria-hidden size={14} /> Upload
      </Button>
    </>
  );
}

type NarrowingProps = { search: RegistrySearch; onChange: (next: RegistrySearch) => void };

function Narrowing({ search, onChange }: NarrowingProps) {
  const { data: filters } = useModelFilters();
  const tags = filters?.tags.map(({ key, value }) => tagText(key, value)) ?? [];
  const toOptions = (values: readonly string[], chosen: string | undefined) =>
    [...new Set(chosen === undefined ? values : [...values, chosen])].map((value) => ({ value, name: value }));
  return (
    <FilterBar
      label="Search models"
      placeholder="Search names, notes and tags"
      word={search.search}
      onSearch={(word) => onChange({ search: word })}
    >
      <FilterSelect
        label="Stage"
        all="Any stage"
        value={search.stage}
        options={toOptions(MODEL_STAGES, search.stage)}
        onChange={(stage) => onChange({ stage })}
        className="w-34!"
      />
      {(tags.length > 0 || search.tag !== undefined) && (
        <FilterSelect
          label="Tag"
          all="Any tag"
          value={search.tag}
          options={toOptions(tags, search.tag)}
          onChange={(tag) => onChange({ tag })}
          className="w-38!"
        />
      )}
      {((filters?.bases.length ?? 0) > 0 || search.base !== undefined) && (
        <FilterSelect
          label="Base"
          all="Any base"
          value={search.base}
          options={toOptions(filters?.bases ?? [], search.base)}
          onChange={(base) => onChange({ base })}
          className="w-40!"
        />
      )}
    </FilterBar>
  );
}

/** Stage requests that wait for approval, across all models. */
function Waiting() {
  const { data } = useStageRequests({ state: "pending" });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label="Waiting for approval" className="rounded-card border border-line bg-warn-soft px-4 py-2">
      <ul className="flex flex-col gap-1">
        {items.map(({ requestId, name, version, stage, proposedBy, isOwn }) => (
          <li key={requestId} className="flex flex-wrap items-baseline gap-x-2">
            <Link
              to="/models/registry/$name"
              params={{ name }}
              search={{ version: String(version), tab: "release" }}
              className="font-medium underline underline-offset-2"
            >
              {name} v{version}
            </Link>
            <span>
              requests approval for {stage}:{" "}
              {isOwn ? "You requested this, so another person must approve it." : `Requested by ${proposedBy}.`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type TableProps = { rows: readonly Model[] | undefined; children: ReactNode };

function ModelTable({ rows, children }: TableProps) {
  const navigate = useNavigate();
  const box = useRowKeys("Models");
  return (
    <div ref={box} className="card overflow-hidden">
      <PlainTable
        label="Registered models"
        columns={COLUMNS}
        rows={rows}
        idOf={({ name }) => name}
        onOpen={({ name }) => void navigate({ to: "/models/registry/$name", params: { name } })}
      />
      {children}
    </div>
  );
}

const COLUMNS: readonly PlainColumn<Model>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-32",
    cell: ({ name, description, tags }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <Link
          data-row
          to="/models/registry/$name"
          params={{ name }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 min-w-0 text-muted [overflow-wrap:anywhere]">{description}</span>
        <TagsCell tags={Object.entries(tags).map(([key, value]) => tagText(key, value))} />
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
  {
    id: "stage",
    header: "Stage",
    isWide: true,
    cell: ({ latest }) => (latest ? <StageMark stage={latest.stage} /> : "–"),
  },
  {
    id: "size",
    header: "Size",
    isNumber: true,
    isWide: true,
    cell: ({ latest }) => (latest ? formatBytes(latest.sizeBytes) : "–"),
  },
  { id: "updated", header: "Changed", isWide: true, cell: ({ updatedAt }) => <AgoCell iso={updatedAt} /> },
];
