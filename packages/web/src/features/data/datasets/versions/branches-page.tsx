import { getRouteApi, Link } from "@tanstack/react-router";
import type { Branch } from "@treadle/contract";
import { GitBranch, Trash2 } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatAgo, formatCount, formatExactTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { MergeReview } from "./merge-review.tsx";
import { ReviewWords } from "./review-words.tsx";
import { useBranchChanges, useBranches } from "./use-versions.ts";

const route = getRouteApi("/shell/datasets/$datasetId/branches");

/** Lists branches with their review status, and opens the merge into main. */
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
        <EmptyState title="No branches yet" icon={<GitBranch size={22} />}>
          Use a branch for changes that need a review, such as corrected labels or removed items. Create one from the
          menu above, or from any version.
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
      header: "Latest",
      isNumber: true,
      cell: ({ version }) => version ?? <span className="text-muted">none</span>,
    },
    { id: "rows", header: "Items", isNumber: true, isWide: true, cell: ({ rows: count }) => formatCount(count) },
    {
      id: "base",
      header: "Created from",
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
      header: "Created",
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
          verb="Delete branch"
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
          {branch.hasDraft ? "Its uncommitted draft is deleted too. " : ""}Committed versions are not deleted.
        </ConfirmDialog>
      )}
    </span>
  );
}
