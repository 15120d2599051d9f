import { useId, useState } from "react";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { AS_TEXT, type Mapping, PATHS, type Row, START } from "./span-mapping.ts";

type FormProps = { mapping: Mapping; onChange: (mapping: Mapping) => void };

const KINDS = [
  { label: "Conversation", mapping: START },
  { label: "Plain text", mapping: AS_TEXT },
] as const;

/** Maps the values of a span to the parts of an item: by a preset, or path by path. */
export function MappingForm({ mapping, onChange }: FormProps) {
  const listId = useId();
  const [isOwn, setIsOwn] = useState(false);
  const chosen = KINDS.find((kind) => isSame(kind.mapping, mapping));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Mapping</legend>
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
          <span className="text-sm font-medium">Custom</span>
          <span className="text-xs text-muted">Paths and metadata</span>
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
            <Field label="Expected" help="Leave empty for no answer. A correction from feedback replaces this value">
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

/** A preset sets inputs and answer; metadata and split are independent of it. */
const isSame = (a: Mapping, b: Mapping) =>
  a.expected === b.expected &&
  JSON.stringify(a.inputs) === JSON.stringify(b.inputs) &&
  b.metadata.length === 0 &&
  b.split === "";

type RowsProps = { label: string; rows: readonly Row[]; listId: string; onChange: (rows: readonly Row[]) => void };

function Rows({ label, rows, listId, onChange }: RowsProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      <RowEditor
        rows={rows}
        onChange={onChange}
        blank={{ key: "", path: "" }}
        addLabel="Add"
        removeLabel={({ key }) => `Remove ${key || "row"}`}
        rowClassName="items-center gap-1.5"
      >
        {(row, change, place) => (
          <>
            <TextInput
              aria-label={`${label}: key ${place + 1}`}
              placeholder="key"
              value={row.key}
              onChange={({ target }) => change({ ...row, key: target.value })}
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
              onChange={({ target }) => change({ ...row, path: target.value })}
              className="h-7! font-mono text-xs"
            />
          </>
        )}
      </RowEditor>
    </div>
  );
}
