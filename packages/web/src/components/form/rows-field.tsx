import { NumberInput, TextInput } from "./field.tsx";
import { GrowingText } from "./growing-text.tsx";
import { type Fields, isFields, withKey } from "./json-fields.ts";
import { RowEditor } from "./row-editor.tsx";
import type { SchemaField } from "./schema-fields.ts";

type FieldProps = { field: SchemaField; value: unknown; onChange: (value: unknown) => void };

const NO_VALUES: Fields = {};

/** A short table of texts and numbers, such as splits and their shares. */
export function RowsField({ field, value, onChange }: FieldProps) {
  const current = value ?? field.initial;
  const rows: readonly Fields[] = Array.isArray(current)
    ? current.map((row: unknown) => (isFields(row) ? row : {}))
    : [];
  const hasLines = field.parts.some(({ kind }) => kind === "lines");
  return (
    <fieldset className="col-span-full min-w-0">
      <legend className="text-sm font-medium">{field.label}</legend>
      {field.help && <p className="mt-0.5 text-xs text-muted">{field.help}</p>}
      <div className={`mt-1.5 flex flex-col gap-1.5 ${hasLines ? "" : "max-w-110"}`}>
        <RowEditor
          rows={rows}
          onChange={onChange}
          blank={NO_VALUES}
          addLabel="Add"
          removeLabel={(_, place) => `Remove row ${place + 1}`}
          rowClassName={`gap-2 ${hasLines ? "items-start" : "items-center"}`}
        >
          {(row, change, place) =>
            field.parts.map((part) => (
              <Cell
                key={part.name}
                part={part}
                label={`${part.label} ${place + 1}`}
                value={row[part.name]}
                hasLines={hasLines}
                onChange={(next) => change(withKey(row, part.name, next))}
              />
            ))
          }
        </RowEditor>
      </div>
    </fieldset>
  );
}

type CellProps = {
  part: SchemaField["parts"][number];
  label: string;
  value: unknown;
  /** Whether the table has a column of long texts, next to which the other columns are narrow. */
  hasLines: boolean;
  onChange: (value: unknown) => void;
};

function Cell({ part: { label: column, kind, least, most }, label, value, hasLines, onChange }: CellProps) {
  const shared = { "aria-label": label, placeholder: column.toLowerCase() };
  if (kind === "number")
    return (
      <NumberInput
        {...shared}
        min={least}
        max={most}
        value={typeof value === "number" ? value : ""}
        onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)}
        className={`h-7! ${hasLines ? "max-w-20" : ""}`}
      />
    );
  const text = typeof value === "string" ? value : "";
  if (kind === "lines")
    return (
      <GrowingText
        {...shared}
        value={text}
        onChange={({ target }) => onChange(target.value)}
        className="min-w-40 basis-60 py-0.5!"
      />
    );
  return (
    <TextInput
      {...shared}
      value={text}
      onChange={({ target }) => onChange(target.value)}
      className={`h-7! ${hasLines ? "max-w-44" : ""}`}
    />
  );
}
