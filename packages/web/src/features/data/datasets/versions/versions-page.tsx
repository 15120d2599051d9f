import { getRouteApi, Link } from "@tanstack/react-router";
import type { DatasetVersionSummary } from "@treadle/contract";
import { GitCommitHorizontal } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../../../components/text/format.ts";
import { TagMark } from "../shared/marks.tsx";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { useVersions } from "./use-versions.ts";
import { VersionSheet } from "./version-sheet.tsx";

const route = getRouteApi("/shell/datasets/$datasetId/versions");

/** All versions of all branches, newest first, with the open version next to them. */
export function VersionsPage() {
  const place = useDatasetPlace();
  const { version } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useVersions(place.datasetId);
  const versions = list.data?.pages.flatMap((page) => page.items);
  const show = (number: number | undefined) =>
    void navigate({
      search: (old) => ({ ...old, version: number === undefined ? undefined : String(number) }),
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="flex min-h-0 grow">
      <div className="min-h-0 min-w-0 grow overflow-y-auto px-6 pt-4 pb-8 max-md:px-4">
        {list.error && !versions ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The versions could not be loaded" />
        ) : !versions ? (
          <Skeleton className="h-60 rounded-card" />
        ) : versions.length === 0 ? (
          <EmptyState title="No versions yet" icon={<GitCommitHorizontal size={22} />}>
            Commit the draft to create a version. A version never changes, so you can repeat every evaluation and
            training run that used it.
          </EmptyState>
        ) : (
          <div className="card overflow-hidden">
            <ol aria-label="Versions" className="divide-y divide-line">
              {versions.map((one) => (
                <VersionRow key={one.version} version={one} isOpen={String(one.version) === version} onOpen={show} />
              ))}
            </ol>
            <MoreRows list={list} />
          </div>
        )}
      </div>
      {version && <VersionSheet key={version} place={place} version={version} close={() => show(undefined)} />}
    </div>
  );
}

type RowProps = { version: DatasetVersionSummary; isOpen: boolean; onOpen: (number: number) => void };

function VersionRow({ version, isOpen, onOpen }: RowProps) {
  const { version: number, message, author, createdAt, rows, tags, branch, parent, mergedFrom, root } = version;
  const [title, ...rest] = message.split("\n");
  return (
    <li className={`flex items-start gap-3 px-4 py-2.5 ${isOpen ? "bg-accent-soft" : "hover:bg-raised"}`}>
      <button
        type="button"
        aria-current={isOpen || undefined}
        onClick={() => onOpen(number)}
        className="flex min-w-0 grow items-start gap-3 text-left"
      >
        <span className="num w-8 shrink-0 text-right font-semibold">{number}</span>
        <span className="min-w-0 grow">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{title}</span>
            {tags.map((tag) => (
              <TagMark key={tag} tag={tag} />
            ))}
            {branch !== "main" && <span className="text-xs text-info">{branch}</span>}
            {mergedFrom !== null && <span className="text-xs text-muted">merged version {mergedFrom}</span>}
          </span>
          {rest.join(" ").trim() !== "" && <span className="line-clamp-1 text-muted">{rest.join(" ").trim()}</span>}
          <span className="num block text-xs text-muted">
            {formatCount(rows)} {rows === 1 ? "item" : "items"} ·{" "}
            <time dateTime={createdAt} title={formatExactTime(createdAt)}>
              {formatAgo(createdAt)}
            </time>{" "}
            by {author} · <code title={root}>{root.slice(0, 10)}</code>
          </span>
        </span>
      </button>
      {parent !== null && (
        <Link
          to="/datasets/$datasetId/diff"
          from="/datasets/$datasetId/versions"
          search={{ from: String(parent), to: String(number) }}
          className={`${buttonLook("quiet", "small")} max-md:hidden`}
        >
          Changes
        </Link>
      )}
    </li>
  );
}
