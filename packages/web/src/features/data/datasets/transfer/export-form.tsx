import { FILE_FORMATS, type FileFormat, ITEM_SHAPES, type ItemShape } from "@treadle/contract";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, Select } from "../../../../components/form/field.tsx";
import { DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useStats } from "../items/use-items.ts";
import { draftRef } from "../shared/dataset-search.ts";
import { type DatasetPlace, useDraft } from "../shared/use-draft.ts";
import { useVersions } from "../versions/use-versions.ts";
import { SHAPE_WORDS } from "./shape-words.ts";
import type { useStartExport } from "./use-export.ts";

/** How items are written. */
type Writing = {
  readonly shape: ItemShape;
  readonly format: FileFormat;
  readonly gzip: boolean;
  readonly isPlain: boolean;
};
const BEGUN: Writing = { shape: "treadle", format: "jsonl", gzip: false, isPlain: false };

type FormProps = {
  place: DatasetPlace;
  isBusy: boolean;
  failure: string | undefined;
  /** Whether to leave out items that the format cannot represent. */
  isPart: boolean;
  setIsPart: (isPart: boolean) => void;
  onStart: ReturnType<typeof useStartExport>["mutate"];
  close: () => void;
};

/** What to export and how: the version, its splits, and the format. */
export function ExportForm({ place, isBusy, failure, isPart, setIsPart, onStart, close }: FormProps) {
  const draft = useDraft(place);
  const versions = useVersions(place.datasetId).data?.pages.flatMap((page) => page.items) ?? [];
  const newest = versions.find(({ branch }) => branch === place.branch);
  const [chosen, setChosen] = useState<string>();
  const version = chosen ?? (newest && !draft.data?.isDirty ? String(newest.version) : draftRef(place.branch));
  const splits = useStats(place.datasetId, version).data?.splits ?? [];
  const [writing, setWriting] = useState(BEGUN);
  const [left, setLeft] = useState<readonly (string | null)[]>([]);
  const exportedSplits = splits.map(({ split }) => split).filter((split) => !left.includes(split));
  const change = (next: Partial<Writing>) => setWriting({ ...writing, ...next });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onStart({ version, ...writing, keepGoodRows: isPart, ...(left.length > 0 && { splits: exportedSplits }) });
      }}
      className="flex flex-col gap-4 text-base"
    >
      <Field label="Source">
        {(field) => (
          <Select {...field} value={version} onChange={({ target }) => setChosen(target.value)}>
            <option value={draftRef(place.branch)}>Draft of {place.branch}</option>
            {versions.map(({ version: number, message, rows }) => (
              <option key={number} value={String(number)}>
                Version {number}: {message.split("\n")[0]?.slice(0, 60)} ({formatCount(rows)} items)
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FormatFields writing={writing} change={change} />
      {splits.length > 1 && <SplitsField splits={splits} left={left} onChange={setLeft} />}
      <div className="flex flex-col gap-2 text-sm">
        {writing.format !== "parquet" && (
          <Checkbox
            label="Compress with gzip"
            checked={writing.gzip}
            onChange={({ target }) => change({ gzip: target.checked })}
          />
        )}
        {writing.shape !== "treadle" && (
          <>
            <Checkbox
              label="Standard fields only (no ids, splits or metadata)"
              checked={writing.isPlain}
              onChange={({ target }) => change({ isPlain: target.checked })}
            />
            <Checkbox
              label="Skip items that this format cannot represent"
              checked={isPart}
              onChange={({ target }) => setIsPart(target.checked)}
            />
          </>
        )}
      </div>
      <Failure text={failure} />
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          kind="primary"
          isBusy={isBusy}
          disabled={splits.length > 0 && exportedSplits.length === 0}
        >
          Export
        </Button>
      </DialogActions>
    </form>
  );
}

type FormatProps = { writing: Writing; change: (next: Partial<Writing>) => void };

function FormatFields({ writing: { shape, format }, change }: FormatProps) {
  return (
    <div className="grid grid-cols-2 gap-4">
      <Field label="Row format">
        {(field) => (
          <Select
            {...field}
            value={shape}
            onChange={({ target }) => change({ shape: ITEM_SHAPES.find((one) => one === target.value) ?? "treadle" })}
          >
            {ITEM_SHAPES.map((one) => (
              <option key={one} value={one}>
                {SHAPE_WORDS[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="File format">
        {(field) => (
          <Select
            {...field}
            value={format}
            onChange={({ target }) => change({ format: FILE_FORMATS.find((one) => one === target.value) ?? "jsonl" })}
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
  );
}

type SplitsProps = {
  splits: readonly { split: string | null; rows: number }[];
  /** The splits that are not exported. */
  left: readonly (string | null)[];
  onChange: (left: readonly (string | null)[]) => void;
};

function SplitsField({ splits, left, onChange }: SplitsProps) {
  return (
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
            onChange={({ target }) => onChange(target.checked ? left.filter((one) => one !== split) : [...left, split])}
          />
        ))}
      </div>
    </fieldset>
  );
}
