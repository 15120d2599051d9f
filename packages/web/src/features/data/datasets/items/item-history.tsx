import { Link } from "@tanstack/react-router";
import type { ItemRow } from "@treadle/contract";
import { useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { formatAgo, formatExactTime } from "../../../../components/text/format.ts";
import { changesBetween } from "../shared/field-changes.ts";
import { FieldDiff } from "../shared/field-diff.tsx";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { ItemView } from "./item-view.tsx";
import { useItemHistory } from "./use-items.ts";

const WORDS = { added: "added", changed: "changed", removed: "removed" } as const;
const LOOKS = { added: "text-good", changed: "text-info", removed: "text-bad" } as const;

type HistoryProps = { place: DatasetPlace; item: ItemRow /** Whether the item is from the draft. */; isDraft: boolean };

/** The versions that added, changed or removed the item, with the changes. */
export function ItemHistory({ place, item: now, isDraft }: HistoryProps) {
  const history = useItemHistory({ ...place, itemId: now.itemId });
  const [open, setOpen] = useState<number>();
  const entries = history.data?.items;
  if (history.error && !entries)
    return <ErrorState error={history.error} retry={() => history.refetch()} title="The history could not be loaded" />;
  if (!entries) return <Skeleton className="m-4 h-24" />;
  if (entries.length === 0)
    return (
      <EmptyState title="Not in any version yet">
        This item is new in the draft. Its history starts when you commit the draft.
      </EmptyState>
    );
  const last = entries[0]?.item;
  const unsaved = isDraft && last ? changesBetween(bodyOf(last), bodyOf(now)) : [];
  return (
    <ol className="divide-y divide-line">
      {unsaved.length > 0 && (
        <li className="px-4 py-3">
          <p className="flex items-baseline gap-x-2">
            <span className="font-medium">Draft</span> <span className="text-warn">changed, uncommitted</span>
          </p>
          <div className="mt-2">
            <FieldDiff changes={unsaved} />
          </div>
        </li>
      )}
      {entries.map((entry, place_) => {
        const { version, kind, message, author, createdAt, item } = entry;
        const before = entries[place_ + 1]?.item;
        return (
          <li key={version} className="px-4 py-3">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <Link
                to="/datasets/$datasetId/versions"
                params={{ datasetId: place.datasetId }}
                search={{ version: String(version) }}
                className="num font-medium hover:underline"
              >
                Version {version}
              </Link>
              <span className={LOOKS[kind]}>{WORDS[kind]}</span>
              <time dateTime={createdAt} title={formatExactTime(createdAt)} className="num ml-auto text-xs text-muted">
                {formatAgo(createdAt)}
              </time>
            </p>
            <p className="text-muted [overflow-wrap:anywhere]">
              {message.split("\n")[0]} <span className="text-xs">by {author}</span>
            </p>
            {kind === "changed" && item && before && (
              <div className="mt-2">
                <FieldDiff changes={changesBetween(bodyOf(before), bodyOf(item))} />
              </div>
            )}
            {item && (
              <button
                type="button"
                aria-expanded={open === version}
                onClick={() => setOpen(open === version ? undefined : version)}
                className="mt-1 text-xs text-accent hover:underline"
              >
                {open === version ? "Hide item" : "Show item in this version"}
              </button>
            )}
            {item && open === version && (
              <div className="mt-2 rounded-card border border-line">
                <ItemView item={item} />
              </div>
            )}
          </li>
        );
      })}
      {history.data?.isPartial && (
        <li className="px-4 py-3 text-xs text-muted">Only the last 200 versions are shown.</li>
      )}
    </ol>
  );
}

type Body = Pick<ItemRow, "inputs" | "expected" | "metadata" | "split">;
const bodyOf = ({ inputs, expected, metadata, split }: Body) => ({ inputs, expected, metadata, split });
