import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { AS_TEXT, type Mapping, PATHS, type Row, START } from "./span-mapping.ts";

type FormProps = { mapping: Mapping; onChange: (mapping: Mapping) => void };

const KINDS = [
  { label: "A conversation", mapping: START },
  { label: "Plain text", mapping: AS_TEXT },
] as const;

/** Which values of a span become which parts of an item: one of the usual ways, or each path by hand. */
export function MappingForm({ mapping, onChange }: FormProps) {
  const listId = useId();
  const [isOwn, setIsOwn] = useState(false);
  const chosen = KINDS.find((kind) => isSame(kind.mapping, mapping));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">What becomes an item</legend>
      <div className="flex flex-wrap items-center gap-2">
        {KINDS.map((kind) => (
          <button
            key={kind.label}
            type="button"
            aria-pressed={!isOwn && chosen === kind}
            onClick={() => {
              setIsOwn(false);
              onChange({ ...kind.mapping, metadata: mapping.metadata, split: mapping.split });
            }}
            className="card flex flex-col px-3 py-1.5 text-left hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            <span className="text-sm font-medium">{kind.label}</span>
            <span className="text-xs text-muted">
              {kind.mapping.inputs[0]?.path} → {kind.mapping.expected}
            </span>
          </button>
        ))}
        <button
          type="button"
          aria-pressed={isOwn || !chosen}
          onClick={() => setIsOwn(true)}
          className="card flex flex-col px-3 py-1.5 text-left hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft"
        >
          <span className="text-sm font-medium">My own</span>
          <span className="text-xs text-muted">path by path, with metadata</span>
        </button>
      </div>
      {(isOwn || !chosen) && (
        <div className="card flex flex-col gap-3 p-3 text-sm">
          <Rows
            label="Inputs"
            rows={mapping.inputs}
            listId={listId}
            onChange={(inputs) => onChange({ ...mapping, inputs })}
          />
          <div className="grid grid-cols-2 gap-3">
            <Field label="Expected" help="Empty for no answer; a correction given as feedback stands in its place">
              {(field) => (
                <TextInput
                  {...field}
                  list={listId}
                  value={mapping.expected}
                  onChange={({ target }) => onChange({ ...mapping, expected: target.value })}
                  className="font-mono text-xs"
                />
              )}
            </Field>
            <Field label="Split" isOptional>
              {(field) => (
                <TextInput
                  {...field}
                  value={mapping.split}
                  maxLength={60}
                  placeholder="train"
                  onChange={({ target }) => onChange({ ...mapping, split: target.value })}
                />
              )}
            </Field>
          </div>
          <Rows
            label="Metadata"
            rows={mapping.metadata}
            listId={listId}
            onChange={(metadata) => onChange({ ...mapping, metadata })}
          />
          <datalist id={listId}>
            {PATHS.map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
        </div>
      )}
    </fieldset>
  );
}

/** The usual ways differ in inputs and answer; metadata and split belong to all. */
const isSame = (a: Mapping, b: Mapping) =>
  a.expected === b.expected &&
  JSON.stringify(a.inputs) === JSON.stringify(b.inputs) &&
  b.metadata.length === 0 &&
  b.split === "";

type RowsProps = { label: string; rows: readonly Row[]; listId: string; onChange: (rows: readonly Row[]) => void };

function Rows({ label, rows, listId, onChange }: RowsProps) {
  const set = (place: number, next: Partial<Row>) =>
    onChange(rows.map((row, index) => (index === place ? { ...row, ...next } : row)));
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      {rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are not moved, and their keys are being typed.
        <div key={place} className="flex items-center gap-1.5">
          <TextInput
            aria-label={`${label}: key ${place + 1}`}
            placeholder="key"
            value={row.key}
            onChange={({ target }) => set(place, { key: target.value })}
            className="h-7! basis-1/3"
          />
          <span aria-hidden className="text-muted">
            ←
          </span>
          <TextInput
            aria-label={`${label}: path ${place + 1}`}
            placeholder="input.messages"
            list={listId}
            value={row.path}
            onChange={({ target }) => set(place, { path: target.value })}
            className="h-7! font-mono text-xs"
          />
          <IconButton
            size="small"
            label={`Remove ${row.key || "the row"}`}
            onClick={() => onChange(rows.filter((_, index) => index !== place))}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <Button
        size="small"
        kind="quiet"
        className="self-start"
        onClick={() => onChange([...rows, { key: "", path: "" }])}
      >
        <Plus aria-hidden size={12} /> Add
      </Button>
    </div>
  );
}
