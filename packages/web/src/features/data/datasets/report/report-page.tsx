import { getRouteApi } from "@tanstack/react-router";
import { Download, FileChartColumn } from "lucide-react";
import { saveFile } from "../../../../components/browser/save-file.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { formatCount, formatTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { draftRef, refWords } from "../shared/dataset-search.ts";
import { type DatasetPlace, useDatasetPlace, useDraft } from "../shared/use-draft.ts";
import { useButtonJob } from "../shared/use-jobs.ts";
import { ReportView } from "./report-view.tsx";
import { type Report, useDownloadMarkdown, useMakeReport, useReport, useReports } from "./use-reports.ts";

const route = getRouteApi("/shell/datasets/$datasetId/report");

/** Quality reports of a draft or a version, with the earlier reports. */
export function ReportPage() {
  const place = useDatasetPlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useReports(place.datasetId);
  const heads = list.data?.items;
  const shown = search.report ?? heads?.[0]?.reportId;
  const report = useReport(place.datasetId, shown);
  const show = (reportId: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, report: reportId }), replace: true });
  if (list.error && !heads)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The reports could not be loaded" />;
  if (!heads) return <Skeleton className="m-6 h-60 rounded-card" />;
  const make = (
    <MakeReport
      place={place}
      isFirst={heads.length === 0}
      onMade={() => {
        show(undefined);
        void list.refetch();
      }}
    />
  );
  if (heads.length === 0)
    return (
      <EmptyState title="No reports yet" icon={<FileChartColumn size={22} />} action={make}>
        A report measures lengths, languages, duplicates, personal data, contamination, label balance and token costs.
        You can download it as JSON or Markdown.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-10 max-md:px-4">
      <div data-print="hide" className="flex flex-wrap items-center gap-2">
        <Select
          aria-label="Report"
          value={shown}
          onChange={({ target }) => show(target.value)}
          className="w-auto! max-w-full min-w-52"
        >
          {heads.map(({ reportId, version, rows, createdAt }) => (
            <option key={reportId} value={reportId}>
              {capital(refWords(version))}, {formatCount(rows)} items, {formatTime(createdAt)}
            </option>
          ))}
        </Select>
        <span className="grow" />
        {report.data && <Downloads report={report.data} />}
        {make}
      </div>
      {report.error ? (
        <ErrorState error={report.error} retry={() => report.refetch()} title="The report could not be loaded" />
      ) : report.data ? (
        <ReportView report={report.data.report} datasetId={place.datasetId} version={report.data.version} />
      ) : (
        <Skeleton className="h-96 rounded-card" />
      )}
    </div>
  );
}

function Downloads({ report }: { report: Report }) {
  const markdown = useDownloadMarkdown();
  const name = `${report.report.name.replaceAll(/[^\w.-]+/g, "-") || "dataset"}-report`;
  return (
    <>
      <Button
        onClick={() => saveFile(`${name}.json`, `${JSON.stringify(report.report, null, 2)}\n`, "application/json")}
      >
        <Download aria-hidden size={14} className="text-muted" /> JSON
      </Button>
      <Button isBusy={markdown.isPending} onClick={() => markdown.mutate({ ...report, name: `${name}.md` })}>
        <Download aria-hidden size={14} className="text-muted" /> Markdown
      </Button>
    </>
  );
}

type MakeProps = { place: DatasetPlace; isFirst: boolean; onMade: () => void };

/** Measures the current draft as a job. */
function MakeReport({ place, isFirst, onMade }: MakeProps) {
  const { can } = useProject();
  const draft = useDraft(place);
  const make = useMakeReport(place.datasetId);
  const { isRunning, failure, follow } = useButtonJob(onMade);
  if (!can("datasets:write")) return null;
  const { isDirty = false, base = null, rows = 0 } = draft.data ?? {};
  const version = isDirty || base === null ? draftRef(place.branch) : String(base);
  return (
    <>
      <Button
        kind="primary"
        isBusy={make.isPending || isRunning}
        disabled={rows === 0}
        title={rows === 0 ? "The draft has no items" : undefined}
        onClick={() => make.mutate(version, { onSuccess: follow })}
      >
        {isFirst ? "Create" : "Create new"} report on {refWords(version)}
      </Button>
      <Failure text={failure} />
    </>
  );
}

const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);
