import { TextInput } from "../../../../components/form/field.tsx";
import { type Fields, isFields, withKey } from "../../../../components/form/json-fields.ts";
import { RowEditor } from "../../../../components/form/row-editor.tsx";
import type { SchemaField } from "../../../../components/form/schema-fields.ts";
import type { OptionProps } from "./field-props.ts";
import { ProblemText } from "./problem-text.tsx";

const NO_VALUES: Fields = {};
const WIDTHS: Readonly<Record<string, string>> = {
  name: "basis-32 max-sm:basis-full",
  pattern: "grow basis-40 max-sm:basis-full",
  flags: "basis-16",
};
const EXAMPLES: Readonly<Record<string, string>> = { name: "order-number", pattern: "ORD-\\d{6}", flags: "i" };

/** A list of rows of texts, such as patterns. Problems are under their cells. */
export function OptionRows({ field, label, value, path, form, onChange }: OptionProps) {
  const rows: readonly Fields[] = Array.isArray(value) ? value.map((row: unknown) => (isFields(row) ? row : {})) : [];
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <RowEditor
        rows={rows}
        onChange={(next) => onChange(next.length === 0 ? undefined : [...next])}
        blank={NO_VALUES}
        addLabel="Add pattern"
        removeLabel={(_, place) => `Remove pattern ${place + 1}`}
        rowClassName="items-start gap-2 max-sm:rounded-control max-sm:border max-sm:border-line max-sm:p-2"
        note={<ProblemText text={form.errorAt(path)} />}
      >
        {(row, change, place) => (
          <Row row={row} place={place} parts={field.parts} path={`${path}.${place}`} form={form} onChange={change} />
        )}
      </RowEditor>
      <p className="text-xs text-muted">{[...field.parts.map(helpOf), FLAGS].filter(Boolean).join(" ")}</p>
    </fieldset>
  );
}

const helpOf = ({ label, help }: SchemaField) => help && `${label}: ${help}`;
const FLAGS = "Flags: i ignores case, m matches at line ends, s lets a dot match a line end.";

type RowProps = Pick<OptionProps, "path" | "form"> & {
  row: Fields;
  place: number;
  parts: readonly SchemaField[];
  onChange: (row: Fields) => void;
};

const Row = ({ row, place, parts, path, form, onChange }: RowProps) => (
  <div className="flex min-w-0 grow flex-wrap gap-2">
    {parts.map((part) => (
      <Cell
        key={part.name}
        part={part}
        label={`${part.label} of pattern ${place + 1}`}
        value={row[part.name]}
        problem={form.errorAt(`${path}.${part.name}`)}
        onChange={(next) => onChange(withKey(row, part.name, next))}
        onLeave={() => form.touch(`${path}.${part.name}`)}
      />
    ))}
  </div>
);

type CellProps = {
  part: SchemaField;
  label: string;
  value: unknown;
  problem: string | undefined;
  onChange: (value: string | undefined) => void;
  onLeave: () => void;
};

const Cell = ({ part: { name }, label, value, problem, onChange, onLeave }: CellProps) => (
  <div className={`flex min-w-0 flex-col gap-1 ${WIDTHS[name] ?? "grow"}`}>
    <TextInput
      aria-label={label}
      aria-invalid={problem ? true : undefined}
      placeholder={EXAMPLES[name]}
      value={typeof value === "string" ? value : ""}
      onChange={({ target }) => onChange(target.value || undefined)}
      onBlur={onLeave}
      className="font-mono text-sm"
    />
    <ProblemText text={problem} />
  </div>
);
