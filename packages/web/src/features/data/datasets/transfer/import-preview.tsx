import { type DatasetFile, type FilePreview, IMPORT_MODES } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatBytes, formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { MappingTable } from "./mapping-table.tsx";
import { PreviewItems } from "./preview-items.tsx";
import { ReadingForm } from "./reading-form.tsx";
import { RowErrors } from "./row-errors.tsx";
import { type Reading, useDatasetFile, useFilePreview, useForgetFile, useStartImport } from "./use-import.ts";

type PreviewProps = { place: DatasetPlace; fileId: string; again: () => void; onStarted: (importId: string) => void };

/** A preview of an import: the items, the errors by line, and the import settings. */
export function ImportPreview({ place, fileId, again, onStarted }: PreviewProps) {
  const file = useDatasetFile(fileId);
  const forget = useForgetFile();
  const [reading, setReading] = useState<Reading>({});
  const preview = useFilePreview(fileId, reading);
  const set = (next: Reading) => setReading((old) => ({ ...old, ...next }));
  function drop() {
    forget.mutate(fileId);
    again();
  }
  if (file.error)
    return <ErrorState error={file.error} retry={() => file.refetch()} title="The file no longer exists" />;
  const { data } = preview;
  return (
    <>
      <FileLine file={file.data} drop={drop} />
      {!data && preview.error ? (
        <Section title="The file could not be read">
          <div className="flex flex-col gap-4 px-4 pb-4">
            <Failure text={explain(preview.error)} />
            <ReadingForm reading={reading} preview={undefined} onChange={set} />
          </div>
        </Section>
      ) : !data ? (
        <div className="flex flex-col gap-3" aria-busy>
          <Skeleton className="h-24 rounded-card" />
          <Skeleton className="h-80 rounded-card" />
        </div>
      ) : (
        <div className={`flex flex-col gap-4 ${preview.isPlaceholderData ? "opacity-60" : ""}`}>
          <Section title="Import settings" description={guessWords(data, reading)}>
            <div className="px-4 pb-4">
              <Failure text={preview.error ? explain(preview.error) : undefined} />
              <ReadingForm reading={reading} preview={data} onChange={set} />
            </div>
            {data.shape === "table" && (
              <MappingTable
                columns={data.columns}
                mapping={reading.mapping ?? data.mapping}
                onChange={(mapping) => set({ shape: "table", mapping: [...mapping] })}
              />
            )}
          </Section>
          {data.errorCount > 0 && (
            <Section
              title={`${formatNumberOf(data.errorCount, "row")} with errors`}
              description={`In the ${data.isWholeFile ? "" : "first "}${formatNumberOf(data.rowsRead, "row")} of the file.`}
            >
              <RowErrors errors={data.errors} errorCount={data.errorCount} />
            </Section>
          )}
          <Section title="Preview" description={`The first ${formatNumberOf(data.items.length, "item")}.`}>
            <PreviewItems items={data.items} />
          </Section>
          <Start
            place={place}
            fileId={fileId}
            reading={reading}
            preview={data}
            onStarted={onStarted}
            isBlocked={preview.isPlaceholderData}
          />
        </div>
      )}
    </>
  );
}

function guessWords({ fittingShapes, rowsRead, isWholeFile }: FilePreview, reading: Reading): string {
  const looked = isWholeFile ? `all ${formatNumberOf(rowsRead, "row")}` : `the first ${formatCount(rowsRead)} rows`;
  if (reading.shape) return `You chose this format. The preview uses ${looked}.`;
  return fittingShapes.length > 0
    ? `Detected from ${looked}.`
    : `No known format fits ${looked}, so the file is read as a table.`;
}

function FileLine({ file, drop }: { file: DatasetFile | undefined; drop: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="font-medium [overflow-wrap:anywhere]">{file?.name ?? "…"}</span>
      <span className="num text-muted">{file && formatBytes(file.sizeBytes)}</span>
      <Button size="small" kind="quiet" onClick={drop}>
        Choose another file
      </Button>
    </div>
  );
}

type StartProps = {
  place: DatasetPlace;
  fileId: string;
  reading: Reading;
  preview: FilePreview;
  isBlocked: boolean;
  onStarted: (importId: string) => void;
};
const MODE_WORDS = { append: "Add", upsert: "Add or replace by id", replace: "Replace all" } as const;
const MODE_NOTES = {
  append: "",
  upsert: "Rows with an existing id replace that item. Other rows are added at the end.",
  replace: "The draft will contain only the items of this file.",
} as const;

/** The start of the import: how it changes the draft, and whether to skip rows with errors. */
function Start({ place, fileId, reading, preview, isBlocked, onStarted }: StartProps) {
  const start = useStartImport(place.datasetId);
  const [mode, setMode] = useState<(typeof IMPORT_MODES)[number]>("append");
  const [keepGoodRows, setKeepGoodRows] = useState(false);
  const hasErrors = preview.errorCount > 0;
  return (
    <div className="sticky bottom-0 z-1 -mx-6 -mb-8 flex max-md:static flex-wrap items-center gap-x-4 gap-y-2 border-line border-t bg-panel px-6 py-3 max-md:-mx-4 max-md:px-4">
      <Choice label="Import mode" names={IMPORT_MODES} words={MODE_WORDS} chosen={mode} onChoose={setMode} />
      <Checkbox
        label="Skip rows with errors"
        checked={keepGoodRows}
        onChange={({ target }) => setKeepGoodRows(target.checked)}
      />
      <p
        className={`min-w-40 grow text-right max-md:text-left ${hasErrors && !keepGoodRows ? "text-warn" : "text-muted"}`}
      >
        {hasErrors && !keepGoodRows
          ? "The file has errors, so it is not imported unless you skip those rows."
          : MODE_NOTES[mode]}
      </p>
      {start.error && <Failure text={explain(start.error)} />}
      <Button
        kind="primary"
        isBusy={start.isPending}
        disabled={isBlocked || preview.items.length === 0 || (hasErrors && !keepGoodRows)}
        onClick={() =>
          start.mutate(
            {
              ...reading,
              shape: preview.shape,
              ...(preview.shape === "table" && { mapping: reading.mapping ?? preview.mapping }),
              fileId,
              branch: place.branch,
              mode,
              keepGoodRows,
            },
            { onSuccess: ({ importId }) => onStarted(importId) },
          )
        }
      >
        {preview.isWholeFile
          ? `Import ${formatNumberOf(preview.rowsRead - (hasErrors ? badRows(preview) : 0), "row")}`
          : "Import file"}
      </Button>
    </div>
  );
}

/** The number of rows with errors, since one row can have several. */
const badRows = ({ errors, errorCount }: FilePreview) =>
  errors.length < errorCount ? errorCount : new Set(errors.map(({ line }) => line)).size;
