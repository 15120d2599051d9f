import { Plus, X } from "lucide-react";
import { Button, IconButton } from "./button.tsx";
import { NumberInput, TextInput } from "./field.tsx";
import { GrowingText } from "./growing-text.tsx";
import { isFields, withKey } from "./json-fields.ts";
import type { SchemaField } from "./schema-fields.ts";

type FieldProps = { field: SchemaField; value: unknown; onChange: (value: unknown) => void };

/** A short table of texts and numbers, such as splits and their shares. */
export function RowsField({ field, value, onChange }: FieldProps) {
  const asked = value ?? field.initial;
  const rows = Array.isArray(asked) ? asked.map((row: unknown) => (isFields(row) ? row : {})) : [];
  const hasLines = field.parts.some(({ kind }) => kind === "lines");
  const set = (place: number, name: string, next: unknown) =>
    onChange(rows.map((row, index) => (index === place ? withKey(row, name, next) : row)));
  return (
    <fieldset className="col-span-full min-w-0">
      <legend className="text-sm font-medium">{field.label}</legend>
      {field.help && <p className="mt-0.5 text-xs text-muted">{field.help}</p>}
      <div className={`mt-1.5 flex flex-col gap-1.5 ${hasLines ? "" : "max-w-110"}`}>
        {rows.map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are not moved, and their texts are being typed.
          <div key={place} className={`flex gap-2 ${hasLines ? "items-start" : "items-center"}`}>
            {field.parts.map(({ name, label, kind, least, most }) =>
              kind === "number" ? (
                <NumberInput
                  key={name}
                  aria-label={`${label} ${place + 1}`}
                  placeholder={label.toLowerCase()}
                  min={least}
                  max={most}
                  value={typeof row[name] === "number" ? row[name] : ""}
                  onChange={({ target }) =>
                    set(place, name, Number.isNaN(target.valueAsNumber) ? undefined : target.valueAsNumber)
                  }
                  className={`h-7! ${hasLines ? "max-w-20" : ""}`}
                />
              ) : kind === "lines" ? (
                <GrowingText
                  key={name}
                  aria-label={`${label} ${place + 1}`}
                  placeholder={label.toLowerCase()}
                  value={typeof row[name] === "string" ? row[name] : ""}
                  onChange={({ target }) => set(place, name, target.value)}
                  className="min-w-40 basis-60 py-0.5!"
                />
              ) : (
                <TextInput
                  key={name}
                  aria-label={`${label} ${place + 1}`}
                  placeholder={label.toLowerCase()}
                  value={typeof row[name] === "string" ? row[name] : ""}
                  onChange={({ target }) => set(place, name, target.value)}
                  className={`h-7! ${hasLines ? "max-w-44" : ""}`}
                />
              ),
            )}
            <IconButton
              size="small"
              label={`Remove row ${place + 1}`}
              onClick={() => onChange(rows.filter((_, index) => index !== place))}
            >
              <X size={14} />
            </IconButton>
          </div>
        ))}
        <Button size="small" kind="quiet" className="self-start" onClick={() => onChange([...rows, {}])}>
          <Plus aria-hidden size={12} /> Add
        </Button>
      </div>
    </fieldset>
  );
}
