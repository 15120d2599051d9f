import { FILE_FORMATS, type FilePreview, ITEM_SHAPES } from "@treadle/contract";
import { useState } from "react";
import { Checkbox, Field, Select, TextInput } from "../../../../components/form/field.tsx";
import { SHAPE_WORDS } from "./shape-words.ts";
import type { Reading } from "./use-import.ts";

const DELIMITERS = [
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
  ["|", "bar"],
] as const;

type FormProps = { reading: Reading; preview: FilePreview | undefined; onChange: (next: Reading) => void };

/** The import settings, with detected values as defaults. */
export function ReadingForm({ reading, preview, onChange }: FormProps) {
  const format = reading.format ?? preview?.format;
  const shapes = [...new Set([...(preview?.fittingShapes ?? []), ...ITEM_SHAPES])];
  return (
    <div className="grid grid-cols-4 gap-x-4 gap-y-3 max-lg:grid-cols-2 max-sm:grid-cols-1">
      <Field label="Row format">
        {(field) => (
          <Select
            {...field}
            value={reading.shape ?? preview?.shape ?? ""}
            onChange={({ target }) =>
              onChange({ shape: ITEM_SHAPES.find((shape) => shape === target.value), mapping: undefined })
            }
          >
            {!preview && <option value="">detect</option>}
            {shapes.map((shape) => (
              <option key={shape} value={shape}>
                {SHAPE_WORDS[shape]}
                {preview?.fittingShapes.includes(shape) && shape !== "table" ? " · fits" : ""}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="File format">
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
            {!format && <option value="">from file name</option>}
            {FILE_FORMATS.map((one) => (
              <option key={one} value={one}>
                {one.toUpperCase()}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {format === "csv" && (
        <Field label="Delimiter">
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
            label="First line has column names"
            checked={reading.hasHeader ?? true}
            onChange={({ target }) => onChange({ hasHeader: target.checked, shape: undefined, mapping: undefined })}
          />
        )}
        <Checkbox
          label="Use ids from the file"
          title="If this is off, ids are derived from the content and the file's ids are stored as metadata"
          checked={(reading.ids ?? "file") === "file"}
          onChange={({ target }) => onChange({ ids: target.checked ? "file" : "content" })}
        />
      </div>
    </div>
  );
}

/** Applied on blur, because each change reads the file again. */
function SplitField({ split, onChange }: { split: string | undefined; onChange: (split: string | undefined) => void }) {
  const [text, setText] = useState(split ?? "");
  const isWrong = text !== "" && !/^[\w.-]{1,60}$/.test(text);
  return (
    <Field
      label="Split"
      isOptional
      help="For rows without a split"
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
