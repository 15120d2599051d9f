import { Link, useNavigate } from "@tanstack/react-router";
import type { DatasetVersion } from "@treadle/contract";
import { GitBranch, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { formatBytes, formatCount, formatExactTime, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { LineageLink } from "../../../train/lineage/index.ts";
import { Counts } from "../shared/marks.tsx";
import { ShareBars } from "../shared/share-bars.tsx";
import { type DatasetPlace, useDraftMoves } from "../shared/use-draft.ts";
import { NewBranch } from "./branch-menu.tsx";
import { useVersion } from "./use-versions.ts";
import { VersionTags } from "./version-tags.tsx";

type SheetProps = { place: DatasetPlace; version: string; close: () => void };

/** One version next to the list: its content, its steps, and its actions. */
export function VersionSheet({ place, version, close }: SheetProps) {
  const loaded = useVersion(place.datasetId, version);
  useKeys("Open version", [{ keys: "Escape", label: "Close version", run: close }]);
  const { data } = loaded;
  return (
    <aside
      aria-label="Open version"
      className="flex h-full w-[min(520px,46%)] shrink-0 animate-[sheet-in_150ms_ease-out] flex-col border-line border-l bg-bg max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-[min(520px,100%)] max-md:fixed max-md:z-30 max-md:w-full"
    >
      <header className="flex items-center gap-1 border-line border-b bg-panel py-2 pr-2 pl-4">
        <h2 className="num min-w-0 grow font-semibold">Version {version}</h2>
        <IconButton label="Close (Esc)" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="min-h-0 grow overflow-y-auto">
        {loaded.error ? (
          <ErrorState error={loaded.error} retry={() => loaded.refetch()} title="The version could not be loaded" />
        ) : !data ? (
          <Skeleton className="m-4 h-60" />
        ) : (
          <Details place={place} version={data} />
        )}
      </div>
    </aside>
  );
}

function Details({ place, version }: { place: DatasetPlace; version: DatasetVersion }) {
  const { version: number, root, message, author, createdAt, parent, mergedFrom, steps, stats } = version;
  const { datasetId } = place;
  return (
    <div className="flex flex-col gap-5 p-4">
      <div>
        <p className="font-medium whitespace-pre-wrap [overflow-wrap:anywhere]">{message}</p>
        <p className="mt-1 text-muted">
          {formatExactTime(createdAt)} by {author}
          {parent !== null && `, from version ${parent}`}
          {mergedFrom !== null && ` and version ${mergedFrom}`}
        </p>
        <p className="mt-1 flex items-center gap-1 text-xs text-muted">
          Root hash <code className="truncate text-xs">{root}</code>
          <CopyButton text={root} label="Copy root hash" className="size-5!" />
        </p>
      </div>
      <Actions place={place} version={version} />
      <VersionTags datasetId={datasetId} version={number} tags={version.tags} />
      <section aria-label="Version content">
        <h3 className="mb-1 font-semibold">
          {formatNumberOf(stats.rows, "item")}
          <span className="num ml-2 font-normal text-muted">{formatBytes(stats.bytes)} as JSON</span>
        </h3>
        <ShareBars
          label="Splits"
          total={stats.rows}
          parts={stats.splits.map(({ split, rows }) => ({ name: split ?? "no split", rows }))}
        />
        <ShareBars
          label="Sources"
          total={stats.rows}
          parts={stats.sources.map(({ kind, rows }) => ({ name: kind, rows }))}
        />
        {stats.labels && (
          <ShareBars
            label="Labels"
            total={stats.rows}
            parts={stats.labels.map(({ label, rows }) => ({ name: label, rows }))}
          />
        )}
      </section>
      <section aria-label="Steps">
        <h3 className="mb-1 font-semibold">Steps</h3>
        {steps.length === 0 ? (
          <p className="text-muted">Committed without draft steps.</p>
        ) : (
          <ol className="divide-y divide-line rounded-card border border-line">
            {steps.map((step, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a version never change order.
              <li key={at} className="flex items-baseline gap-3 px-3 py-2">
                <span className="num w-4 shrink-0 text-right text-xs text-muted">{at + 1}</span>
                <span className="min-w-0 grow [overflow-wrap:anywhere]">{step.summary}</span>
                <Counts counts={step.counts} className="text-xs" />
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function Actions({ place, version }: { place: DatasetPlace; version: DatasetVersion }) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { restore, undo } = useDraftMoves(place);
  const [isBranching, setIsBranching] = useState(false);
  const { datasetId } = place;
  const number = String(version.version);
  return (
    <div className="flex flex-wrap gap-2">
      <Link
        to="/datasets/$datasetId"
        params={{ datasetId }}
        search={{ at: number }}
        className={buttonLook("plain", "small")}
      >
        View {formatCount(version.stats.rows)} items
      </Link>
      <LineageLink of={{ dataset: datasetId, at: number }} label="Uses of this version" />
      {version.parent !== null && (
        <Link
          to="/datasets/$datasetId/diff"
          params={{ datasetId }}
          search={{ from: String(version.parent), to: number }}
          className={buttonLook("plain", "small")}
        >
          View changes
        </Link>
      )}
      {can("datasets:write") && (
        <>
          <Button
            size="small"
            isBusy={restore.isPending}
            title="Restores these items in the draft as one step. Nothing is committed yet"
            onClick={() =>
              restore.mutate(number, {
                onSuccess: () =>
                  toastDone(`Restored version ${number} in the draft`, { label: "Undo", run: () => undo.mutate() }),
              })
            }
          >
            <RotateCcw aria-hidden size={12} /> Restore
          </Button>
          <Button size="small" onClick={() => setIsBranching(true)}>
            <GitBranch aria-hidden size={12} /> Create branch
          </Button>
        </>
      )}
      {isBranching && (
        <NewBranch
          place={place}
          from={number}
          close={() => setIsBranching(false)}
          onMade={(branch) => void navigate({ to: "/datasets/$datasetId", params: { datasetId }, search: { branch } })}
        />
      )}
    </div>
  );
}
