import { getRouteApi, Link } from "@tanstack/react-router";
import type { DatasetVersionSummary } from "@treadle/contract";
import { GitCommitHorizontal } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { TagMark } from "./marks.tsx";
import { useDatasetPlace } from "./use-draft.ts";
import { useVersions } from "./use-versions.ts";
import { VersionSheet } from "./version-sheet.tsx";

const route = getRouteApi("/shell/datasets/$datasetId/versions");

/** Every version of every branch, newest first, with the one that is open beside them. */
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
          <EmptyState title="No version yet" icon={<GitCommitHorizontal size={22} />}>
            A draft becomes a version when it is committed. A version never changes, so that whatever was evaluated or
            trained with it can be looked up and repeated.
          </EmptyState>
        ) : (
          <div className="card overflow-hidden">
            <ol aria-label="Versions" className="divide-y divide-line">
              {versions.map((one) => (
                <VersionRow key={one.number} version={one} isOpen={String(one.number) === version} onOpen={show} />
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
  const { number, message, author, createdAt, rows, tags, branch, parent, mergedFrom, root } = version;
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
