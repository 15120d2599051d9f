import { Download } from "lucide-react";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { Button, Spinner } from "../../../components/form/button.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatBytes, formatCount } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { formatPeriod } from "./export-words.ts";
import { type ExportFile, type ScheduledExport, useDownload, useExportFiles } from "./use-exports.ts";

const COLUMNS: readonly PlainColumn<ExportFile>[] = [
  {
    id: "period",
    header: "Period (UTC)",
    cell: (file) => <Period file={file} />,
  },
  { id: "rows", header: "Rows", isNumber: true, cell: ({ rows }) => formatCount(rows) },
  {
    id: "size",
    header: "Size",
    isNumber: true,
    cell: ({ sizeBytes }) => <span title={`${formatCount(sizeBytes)} bytes`}>{formatBytes(sizeBytes)}</span>,
  },
  {
    id: "checksum",
    header: "SHA-256",
    isWide: true,
    className: "pl-8!",
    cell: ({ sha256 }) => (
      <span className="inline-flex items-center gap-1">
        <code title={sha256} className="text-xs text-muted">
          {sha256.slice(0, 12)}…
        </code>
        <CopyButton text={sha256} label="Copy the checksum" />
      </span>
    ),
  },
  { id: "written", header: "Written", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

/** The files of one export, newest first. */
export function ExportFiles({ item }: { item: ScheduledExport }) {
  const project = useProject();
  const files = useExportFiles(item);
  const rows = files.data?.pages.flatMap(({ items }) => items);
  if (files.error && !rows)
    return <ErrorState error={files.error} retry={() => files.refetch()} title="The files could not be listed" />;
  if (rows?.length === 0)
    return (
      <p className="px-4 pb-3 pl-9 text-sm text-muted text-pretty">
        No files yet. Treadle writes a file five minutes after each {item.every} ends, unless no span matches.
      </p>
    );
  const columns = project.can("traces:read") && project.can("traces:content") ? [...COLUMNS, DOWNLOAD] : COLUMNS;
  return (
    <div className="border-line border-t bg-bg">
      <PlainTable label={`Files of ${item.name}`} columns={columns} rows={rows} idOf={({ fileId }) => fileId} />
      <MoreRows list={files} />
    </div>
  );
}

/** On a narrow screen, the time wraps below the date as a unit. */
function Period({ file }: { file: ExportFile }) {
  const [date, clock] = formatPeriod(file).split(", ");
  return (
    <span className="num">
      <span className="whitespace-nowrap">{clock ? `${date},` : date}</span>{" "}
      <span className="whitespace-nowrap">{clock}</span>
    </span>
  );
}

const DOWNLOAD: PlainColumn<ExportFile> = {
  id: "download",
  header: <span className="sr-only">Download</span>,
  cell: (file) => <DownloadButton file={file} />,
  className: "text-right! w-px",
};

function DownloadButton({ file }: { file: ExportFile }) {
  const download = useDownload();
  return (
    <Button
      size="small"
      kind="quiet"
      aria-label={`Download ${formatPeriod(file)}`}
      title={`Download ${formatPeriod(file)}`}
      disabled={download.isPending}
      aria-busy={download.isPending || undefined}
      onClick={() => download.mutate(file.fileId)}
    >
      {download.isPending ? <Spinner /> : <Download aria-hidden size={14} />}
    </Button>
  );
}
