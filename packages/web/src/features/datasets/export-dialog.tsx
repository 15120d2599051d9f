import { FILE_FORMATS, type FileFormat, ITEM_SHAPES, type ItemShape } from "@treadle/contract";
import { Download } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, Select } from "../../components/field.tsx";
import { formatBytes, formatCount, formatNumberOf } from "../../components/format.ts";
import { ActingJob } from "../jobs/index.ts";
import { draftRef } from "./dataset-search.ts";
import { SHAPE_WORDS } from "./shape-words.ts";
import { type DatasetPlace, useDraft } from "./use-draft.ts";
import { exportResultOf, useDownloadFile, useStartExport } from "./use-export.ts";
import { useStats } from "./use-items.ts";
import { useOwnJob } from "./use-jobs.ts";
import { useVersions } from "./use-versions.ts";

type DialogProps = { place: DatasetPlace; name: string; close: () => void };

/** Writes a version or the draft into a file of any shape, and downloads it. */
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
          {result && (
            <div>
              <p className="font-medium [overflow-wrap:anywhere]">{result.name}</p>
              <p className="num text-muted">
                {formatNumberOf(result.rows, "item")}, {formatBytes(result.sizeBytes)}
                {result.skipped > 0 && `; ${formatCount(result.skipped)} left out, which the shape cannot express`}
              </p>
              {result.errors.length > 0 && (
                <ul className="mt-2 max-h-40 overflow-y-auto text-xs text-muted">
                  {result.errors.map(({ itemId, message }) => (
                    <li key={itemId} className="[overflow-wrap:anywhere]">
                      <code className="text-xs">{itemId}</code>: {message}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )}
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

type FormProps = {
  place: DatasetPlace;
  isBusy: boolean;
  failure: string | undefined;
  /** Whether items that the shape cannot express are left out. */
  isPart: boolean;
  setIsPart: (isPart: boolean) => void;
  onStart: ReturnType<typeof useStartExport>["mutate"];
  close: () => void;
};

function ExportForm({ place, isBusy, failure, isPart, setIsPart, onStart, close }: FormProps) {
  const draft = useDraft(place);
  const versions = useVersions(place.datasetId).data?.pages.flatMap((page) => page.items) ?? [];
  const newest = versions.find(({ branch }) => branch === place.branch);
  const [chosen, setChosen] = useState<string>();
  const version = chosen ?? (newest && !draft.data?.isDirty ? String(newest.number) : draftRef(place.branch));
  const splits = useStats(place.datasetId, version).data?.splits ?? [];
  const [shape, setShape] = useState<ItemShape>("treadle");
  const [format, setFormat] = useState<FileFormat>("jsonl");
  const [gzip, setGzip] = useState(false);
  const [isPlain, setIsPlain] = useState(false);
  const [left, setLeft] = useState<readonly (string | null)[]>([]);
  const kept = splits.map(({ split }) => split).filter((split) => !left.includes(split));
  function submit() {
    onStart({
      version,
      shape,
      format,
      gzip,
      isPlain,
      keepGoodRows: isPart,
      ...(left.length > 0 && { splits: kept }),
    });
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="flex flex-col gap-4 text-base"
    >
      <Field label="What">
        {(field) => (
          <Select {...field} value={version} onChange={({ target }) => setChosen(target.value)}>
            <option value={draftRef(place.branch)}>The draft of {place.branch}</option>
            {versions.map(({ number, message, rows }) => (
              <option key={number} value={String(number)}>
                Version {number}: {message.split("\n")[0]?.slice(0, 60)} ({formatCount(rows)} items)
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <Field label="Shape of a row">
          {(field) => (
            <Select
              {...field}
              value={shape}
              onChange={({ target }) => setShape(ITEM_SHAPES.find((one) => one === target.value) ?? "treadle")}
            >
              {ITEM_SHAPES.map((one) => (
                <option key={one} value={one}>
                  {SHAPE_WORDS[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Format">
          {(field) => (
            <Select
              {...field}
              value={format}
              onChange={({ target }) => setFormat(FILE_FORMATS.find((one) => one === target.value) ?? "jsonl")}
            >
              {FILE_FORMATS.map((one) => (
                <option key={one} value={one}>
                  {one.toUpperCase()}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {splits.length > 1 && (
        <fieldset>
          <legend className="mb-1 text-sm font-medium">Splits</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
            {splits.map(({ split, rows }) => (
              <Checkbox
                key={split ?? ""}
                label={
                  <>
                    {split ?? "none"} <span className="num text-muted">{formatCount(rows)}</span>
                  </>
                }
                checked={!left.includes(split)}
                onChange={({ target }) =>
                  setLeft(target.checked ? left.filter((one) => one !== split) : [...left, split])
                }
              />
            ))}
          </div>
        </fieldset>
      )}
      <div className="flex flex-col gap-2 text-sm">
        {format !== "parquet" && (
          <Checkbox label="Compressed with gzip" checked={gzip} onChange={({ target }) => setGzip(target.checked)} />
        )}
        {shape !== "treadle" && (
          <Checkbox
            label="Nothing but what the shape itself knows: no ids, splits and metadata"
            checked={isPlain}
            onChange={({ target }) => setIsPlain(target.checked)}
          />
        )}
        {shape !== "treadle" && (
          <Checkbox
            label="Leave out items that the shape cannot express"
            checked={isPart}
            onChange={({ target }) => setIsPart(target.checked)}
          />
        )}
      </div>
      <Failure text={failure} />
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={isBusy} disabled={splits.length > 0 && kept.length === 0}>
          Export
        </Button>
      </DialogActions>
    </form>
  );
}
