import type { DatasetExportResult } from "@treadle/contract";
import { Download } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatBytes, formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { ActingJob } from "../../../system/jobs/index.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { useOwnJob } from "../shared/use-jobs.ts";
import { ExportForm } from "./export-form.tsx";
import { exportResultOf, useDownloadFile, useStartExport } from "./use-export.ts";

type DialogProps = { place: DatasetPlace; name: string; close: () => void };

/** Exports a version or the draft to a file and downloads it. */
export function ExportDialog({ place, name, close }: DialogProps) {
  const start = useStartExport(place.datasetId);
  const download = useDownloadFile();
  const { job } = useOwnJob(start.data?.jobId, (over) => {
    const result = exportResultOf(over);
    if (result) download.mutate(result);
  });
  const result = exportResultOf(job);
  const [isPart, setIsPart] = useState(false);
  return (
    <Dialog title={`Export ${name}`} close={close}>
      {start.data ? (
        <div className="flex flex-col gap-4">
          {job && !result && <ActingJob job={job} />}
          {result && <Result result={result} />}
          <DialogActions>
            <Button onClick={() => start.reset()}>Export again</Button>
            {result && (
              <Button kind="primary" isBusy={download.isPending} onClick={() => download.mutate(result)}>
                <Download aria-hidden size={14} /> Download
              </Button>
            )}
          </DialogActions>
        </div>
      ) : (
        <ExportForm
          place={place}
          isBusy={start.isPending}
          failure={start.error ? explain(start.error) : undefined}
          isPart={isPart}
          setIsPart={setIsPart}
          onStart={start.mutate}
          close={close}
        />
      )}
    </Dialog>
  );
}

/** The exported file, and the items that it does not contain. */
function Result({ result: { name, rows, sizeBytes, skipped, errors } }: { result: DatasetExportResult }) {
  return (
    <div>
      <p className="font-medium [overflow-wrap:anywhere]">{name}</p>
      <p className="num text-muted">
        {formatNumberOf(rows, "item")}, {formatBytes(sizeBytes)}
        {skipped > 0 && `. ${formatCount(skipped)} left out because this format cannot represent them`}
      </p>
      {errors.length > 0 && (
        <ul className="mt-2 max-h-40 overflow-y-auto text-xs text-muted">
          {errors.map(({ itemId, message }) => (
            <li key={itemId} className="[overflow-wrap:anywhere]">
              <code className="text-xs">{itemId}</code>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
