import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Download, FileUp, Sparkles } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Subpages } from "../../../../components/layout/subpages.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { EvaluationMark } from "../shared/marks.tsx";
import { useDataset } from "../shared/use-datasets.ts";
import { useDatasetPlace, useDraft } from "../shared/use-draft.ts";
import { ExportDialog } from "../transfer/export-dialog.tsx";
import { BranchMenu } from "../versions/branch-menu.tsx";
import { DatasetJobs } from "./dataset-jobs.tsx";
import { DraftBar } from "./draft-bar.tsx";

const PAGES = [
  { to: "/datasets/$datasetId", label: "Items", isExact: true },
  { to: "/datasets/$datasetId/map", label: "Map" },
  { to: "/datasets/$datasetId/curate", label: "Curate" },
  { to: "/datasets/$datasetId/versions", label: "Versions" },
  { to: "/datasets/$datasetId/diff", label: "Compare" },
  { to: "/datasets/$datasetId/branches", label: "Branches" },
  { to: "/datasets/$datasetId/report", label: "Report" },
  { to: "/datasets/$datasetId/settings", label: "Settings" },
] as const;

/** The frame of all dataset pages: the name above and the draft below. */
export function DatasetFrame() {
  const place = useDatasetPlace();
  const { can } = useProject();
  const navigate = useNavigate();
  const dataset = useDataset(place.datasetId);
  const [isExporting, setIsExporting] = useState(false);
  const draft = useDraft(place);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // One primary action per page: committing the draft, or the page's own action.
  const isWorkedOn = (draft.data?.steps.length ?? 0) > 0 || /\/(import|curate|report|map)$/.test(path);
  const back = <BackLink to="/datasets" label="Datasets" />;
  if (dataset.error && !dataset.data)
    return (
      <>
        <PageHeader title="Dataset" back={back} />
        {dataset.error instanceof ApiError && dataset.error.status === 404 ? (
          <EmptyState title="Dataset not found">It may have been deleted, or it belongs to another project.</EmptyState>
        ) : (
          <ErrorState error={dataset.error} retry={() => dataset.refetch()} />
        )}
      </>
    );
  const { data } = dataset;
  const params = { datasetId: place.datasetId };
  return (
    <div className="flex h-full min-w-0 flex-col">
      <PageHeader
        title={data?.name ?? "Dataset"}
        back={back}
        beside={data?.isEvaluation && <EvaluationMark />}
        description={
          data ? (
            <span className="line-clamp-1" title={data.description}>
              {data.description || wordsFor(data)}
            </span>
          ) : (
            <Skeleton className="h-4 w-60" />
          )
        }
        action={
          <>
            <BranchMenu place={place} />
            <Button onClick={() => setIsExporting(true)}>
              <Download aria-hidden size={14} className="text-muted" /> Export
            </Button>
            {can("datasets:write") && can("gateway:use") && (
              <Button onClick={() => void navigate({ to: "/datasets/$datasetId/generate", params })}>
                <Sparkles aria-hidden size={14} className="text-muted" /> Generate
              </Button>
            )}
            {can("datasets:write") && (
              <Button
                kind={isWorkedOn ? "plain" : "primary"}
                onClick={() => void navigate({ to: "/datasets/$datasetId/import", params })}
              >
                <FileUp aria-hidden size={14} /> Import
              </Button>
            )}
          </>
        }
      >
        <div className="-mb-3">
          <Subpages label="Dataset" pages={PAGES} />
        </div>
      </PageHeader>
      <DatasetJobs datasetId={place.datasetId} />
      <div className="relative flex min-h-0 grow flex-col overflow-y-auto">
        <Outlet />
      </div>
      <DraftBar place={place} />
      {isExporting && <ExportDialog place={place} name={data?.name ?? "dataset"} close={() => setIsExporting(false)} />}
    </div>
  );
}

const wordsFor = ({ rows, versions, branches }: { rows: number; versions: number; branches: number }) =>
  [
    formatNumberOf(rows, "item"),
    formatNumberOf(versions, "version"),
    branches > 1 ? formatNumberOf(branches, "branch", "branches") : "",
  ]
    .filter(Boolean)
    .join(" · ");
