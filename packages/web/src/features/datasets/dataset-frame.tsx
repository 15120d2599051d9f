import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Download, FileUp, Sparkles } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Subpages } from "../../components/subpages.tsx";
import { useProject } from "../session/index.ts";
import { BranchMenu } from "./branch-menu.tsx";
import { DatasetJobs } from "./dataset-jobs.tsx";
import { DraftBar } from "./draft-bar.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { EvaluationMark } from "./marks.tsx";
import { useDataset } from "./use-datasets.ts";
import { useDatasetPlace, useDraft } from "./use-draft.ts";

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

/** What all parts of one dataset share: its name above, and the draft that is worked on below. */
export function DatasetFrame() {
  const place = useDatasetPlace();
  const { can } = useProject();
  const navigate = useNavigate();
  const dataset = useDataset(place.datasetId);
  const [isExporting, setIsExporting] = useState(false);
  const draft = useDraft(place);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // One action leads: with a draft it is to commit it, on these pages it is their own.
  const isWorkedOn = (draft.data?.steps.length ?? 0) > 0 || /\/(import|curate|report|map)$/.test(path);
  const back = <BackLink to="/datasets" label="Datasets" />;
  if (dataset.error && !dataset.data)
    return (
      <>
        <PageHeader title="Dataset" back={back} />
        {dataset.error instanceof ApiError && dataset.error.status === 404 ? (
          <EmptyState title="There is no such dataset">
            It may have been deleted, or belong to another project.
          </EmptyState>
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
