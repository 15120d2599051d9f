import { FILE_FORMATS, type FilePreview, ITEM_SHAPES } from "@treadle/contract";
import { useState } from "react";
import { Checkbox, Field, Select, TextInput } from "../../components/field.tsx";
import { SHAPE_WORDS } from "./shape-words.ts";
import type { Reading } from "./use-import.ts";

const DELIMITERS = [
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "bar"],
] as const;

type FormProps = { reading: Reading; preview: FilePreview | undefined; onChange: (next: Reading) => void };

/** How the file is read; what was recognised stands first. */
export function ReadingForm({ reading, preview, onChange }: FormProps) {
  const format = reading.format ?? preview?.format;
  const shapes = [...new Set([...(preview?.fittingShapes ?? []), ...ITEM_SHAPES])];
  return (
    <div className="grid grid-cols-4 gap-x-4 gap-y-3 max-lg:grid-cols-2 max-sm:grid-cols-1">
      <Field label="Shape of a row">
        {(field) => (
          <Select
            {...field}
            value={reading.shape ?? preview?.shape ?? ""}
            onChange={({ target }) =>
              onChange({ shape: ITEM_SHAPES.find((shape) => shape === target.value), mapping: undefined })
            }
          >
            {!preview && <option value="">recognise it</option>}
            {shapes.map((shape) => (
              <option key={shape} value={shape}>
                {SHAPE_WORDS[shape]}
                {preview?.fittingShapes.includes(shape) && shape !== "table" ? " · fits" : ""}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Format of the file">
        {(field) => (
          <Select
            {...field}
            value={format ?? ""}
            onChange={({ target }) =>
              onChange({
                format: FILE_FORMATS.find((one) => one === target.value),
                shape: undefined,
                mapping: undefined,
              })
            }
          >
            {!format && <option value="">by its name</option>}
            {FILE_FORMATS.map((one) => (
              <option key={one} value={one}>
                {one.toUpperCase()}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {format === "csv" && (
        <Field label="Between the columns">
          {(field) => (
            <Select
              {...field}
              value={reading.delimiter ?? preview?.delimiter ?? ""}
              onChange={({ target }) =>
                onChange({ delimiter: DELIMITERS.find(([sign]) => sign === target.value)?.[0], mapping: undefined })
              }
            >
              {DELIMITERS.map(([sign, words]) => (
                <option key={sign} value={sign}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <SplitField split={reading.split} onChange={(split) => onChange({ split })} />
      <div className="col-span-full flex flex-wrap gap-x-6 gap-y-2">
        {(format === "csv" || format === "tsv") && (
          <Checkbox
            label="The first line names the columns"
            checked={reading.hasHeader ?? true}
            onChange={({ target }) => onChange({ hasHeader: target.checked, shape: undefined, mapping: undefined })}
          />
        )}
        <Checkbox
          label="Take the ids of the file"
          title="Otherwise an item is named by its content, and the file's id is kept as metadata"
          checked={(reading.ids ?? "file") === "file"}
          onChange={({ target }) => onChange({ ids: target.checked ? "file" : "content" })}
        />
      </div>
    </div>
  );
}

/** Asked for as the field is left: each letter would read the file anew. */
function SplitField({ split, onChange }: { split: string | undefined; onChange: (split: string | undefined) => void }) {
  const [text, setText] = useState(split ?? "");
  const isWrong = text !== "" && !/^[\w.-]{1,60}$/.test(text);
  return (
    <Field
      label="Split"
      isOptional
      help="Of rows that name none"
      error={isWrong ? "Use letters, digits, dots, hyphens and underscores." : undefined}
    >
      {(field) => (
        <TextInput
          {...field}
          value={text}
          placeholder="train"
          onChange={({ target }) => setText(target.value.trim())}
          onBlur={() => !isWrong && onChange(text || undefined)}
        />
      )}
    </Field>
  );
}
