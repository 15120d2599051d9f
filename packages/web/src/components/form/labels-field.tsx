import { TextInput } from "./field.tsx";
import type { LabelRow } from "./label-rows.ts";
import { RowEditor } from "./row-editor.tsx";

const BLANK: LabelRow = { name: "", value: "" };

type FieldProps = {
  rows: readonly LabelRow[];
  error: string | undefined;
  onChange: (rows: readonly LabelRow[]) => void;
  onLeave?: () => void;
};

/** The labels by which the notifications of a monitor are routed. */
export const LabelsField = ({ rows, error, onChange, onLeave }: FieldProps) => (
  <fieldset className="flex min-w-0 flex-col gap-1.5" onBlur={onLeave}>
    <legend className="mb-1 text-sm font-medium">
      Labels <span className="font-normal text-muted">optional</span>
    </legend>
    <RowEditor
      rows={rows}
      onChange={onChange}
      blank={BLANK}
      addLabel="Add label"
      removeLabel={(_, place) => `Remove label ${place + 1}`}
      note={<LabelsNote error={error} />}
    >
      {(label, change, place) => <LabelInputs label={label} onChange={change} place={place} />}
    </RowEditor>
  </fieldset>
);

const LabelsNote = ({ error }: { error: string | undefined }) => (
  <p className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
    {error ?? "Notifications are routed by the labels of a monitor."}
  </p>
);

type RowProps = { label: LabelRow; onChange: (label: LabelRow) => void; place: number };

const LabelInputs = ({ label, onChange, place }: RowProps) => (
  <>
    <TextInput
      aria-label={`Label ${place + 1}`}
      placeholder="team"
      maxLength={60}
      value={label.name}
      onChange={({ target }) => onChange({ ...label, name: target.value })}
    />
    <TextInput
      aria-label={`Value of label ${place + 1}`}
      placeholder="search"
      maxLength={200}
      value={label.value}
      onChange={({ target }) => onChange({ ...label, value: target.value })}
    />
  </>
);
