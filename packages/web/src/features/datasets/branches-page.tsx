import { getRouteApi, Link } from "@tanstack/react-router";
import type { Branch } from "@treadle/contract";
import { GitBranch, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../components/format.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { MergeReview } from "./merge-review.tsx";
import { ReviewWords } from "./review-words.tsx";
import { useDatasetPlace } from "./use-draft.ts";
import { useBranchChanges, useBranches } from "./use-versions.ts";

const route = getRouteApi("/shell/datasets/$datasetId/branches");

/** Work beside main: each branch, what became of its review, and the way into main. */
export function BranchesPage() {
  const place = useDatasetPlace();
  const { review } = route.useSearch();
  const navigate = route.useNavigate();
  const branches = useBranches(place.datasetId);
  const show = (name: string | undefined) => void navigate({ search: (old) => ({ ...old, review: name }) });
  const items = branches.data?.items;
  const reviewed = items?.find(({ name }) => name === review);
  if (branches.error && !items)
    return (
      <ErrorState error={branches.error} retry={() => branches.refetch()} title="The branches could not be loaded" />
    );
  if (reviewed) return <MergeReview datasetId={place.datasetId} branch={reviewed} leave={() => show(undefined)} />;
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <div className="card overflow-hidden">
        <BranchTable rows={items} onReview={show} />
      </div>
      {items?.length === 1 && (
        <EmptyState title="Only main so far" icon={<GitBranch size={22} />}>
          A branch is for work that somebody should look at before it counts: labels that are corrected, items that are
          thrown out. Make one from the menu above, or from any version.
        </EmptyState>
      )}
    </div>
  );
}

function BranchTable({ rows, onReview }: { rows: readonly Branch[] | undefined; onReview: (name: string) => void }) {
  const columns: readonly PlainColumn<Branch>[] = [
    {
      id: "name",
      header: "Branch",
      className: "w-full",
      cell: ({ name, hasDraft }) => (
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to="/datasets/$datasetId"
            from="/datasets/$datasetId/branches"
            search={{ branch: name === "main" ? undefined : name }}
            className="font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {name}
          </Link>
          {hasDraft && <span className="text-xs text-warn">draft</span>}
        </span>
      ),
    },
    {
      id: "version",
      header: "Newest",
      isNumber: true,
      cell: ({ version }) => version ?? <span className="text-muted">none</span>,
    },
    { id: "rows", header: "Items", isNumber: true, isWide: true, cell: ({ rows: count }) => formatCount(count) },
    {
      id: "base",
      header: "Made from",
      isNumber: true,
      isWide: true,
      cell: ({ base }) => base ?? <span className="text-muted">–</span>,
    },
    {
      id: "review",
      header: "Review",
      isWide: true,
      className: "whitespace-nowrap",
      cell: (branch) => <ReviewWords branch={branch} />,
    },
    {
      id: "made",
      header: "Made",
      isWide: true,
      className: "whitespace-nowrap",
      cell: ({ createdAt, createdBy }) => (
        <span className="text-muted" title={`${formatExactTime(createdAt)} by ${createdBy}`}>
          {formatAgo(createdAt)}
        </span>
      ),
    },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      cell: (branch) => <Actions branch={branch} onReview={onReview} />,
    },
  ];
  return <PlainTable label="Branches" columns={columns} rows={rows} idOf={({ name }) => name} />;
}

function Actions({ branch, onReview }: { branch: Branch; onReview: (name: string) => void }) {
  const { datasetId, branch: current } = useDatasetPlace();
  const { can } = useProject();
  const navigate = route.useNavigate();
  const { remove } = useBranchChanges(datasetId);
  const [isDeleting, setIsDeleting] = useState(false);
  if (branch.name === "main") return null;
  return (
    <span className="flex items-center justify-end gap-1">
      <Button size="small" onClick={() => onReview(branch.name)}>
        Review and merge
      </Button>
      {can("datasets:write") && (
        <IconButton size="small" label={`Delete ${branch.name}`} onClick={() => setIsDeleting(true)}>
          <Trash2 size={14} />
        </IconButton>
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${branch.name}?`}
          verb="Delete the branch"
          {...(branch.hasDraft && { phrase: branch.name })}
          isBusy={remove.isPending}
          close={() => setIsDeleting(false)}
          onConfirm={() =>
            remove.mutate(branch.name, {
              onSuccess: () => {
                toastDone(`Deleted ${branch.name}`);
                if (current === branch.name) void navigate({ search: { branch: undefined } });
              },
            })
          }
        >
          {branch.hasDraft ? "Its draft, which nobody committed, is lost with it. " : ""}The versions that were
          committed on it stay.
        </ConfirmDialog>
      )}
    </span>
  );
}
