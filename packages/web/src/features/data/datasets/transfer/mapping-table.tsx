import { COLUMN_PARSES, COLUMN_TARGETS, type ColumnMapping, type FilePreview } from "@treadle/contract";
import { Select, TextInput } from "../../../../components/form/field.tsx";

const TARGET_WORDS = {
  inputs: "input",
  expected: "expected",
  metadata: "metadata",
  split: "split",
  id: "id",
  ignore: "ignored",
} as const satisfies Record<ColumnMapping["to"], string>;
const PARSE_WORDS = { "as-is": "unchanged", text: "text", number: "number", json: "JSON" } as const;

type TableProps = {
  columns: FilePreview["columns"];
  /** The current choice, which can be newer than the preview. */
  mapping: readonly ColumnMapping[];
  onChange: (mapping: readonly ColumnMapping[]) => void;
};

/** Maps each column of a table to a field, with its parser. */
export function MappingTable({ columns, mapping, onChange }: TableProps) {
  const set = (column: string, next: Partial<ColumnMapping>) =>
    onChange(mapping.map((one) => (one.column === column ? { ...one, ...next } : one)));
  return (
    <div className="overflow-x-auto border-line border-t">
      <table aria-label="Columns" className="w-full min-w-160">
        <thead>
          <tr className="border-line border-b text-xs text-muted">
            {["Column", "Examples", "Field", "Key", "Parse as"].map((header) => (
              <th key={header} scope="col" className="h-8 px-2 text-left font-normal first:pl-4 last:pr-4">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map(({ column, examples, types }) => {
            const mapped = mapping.find((one) => one.column === column);
            if (!mapped) return null;
            const isNamed = mapped.to === "inputs" || mapped.to === "metadata" || mapped.to === "expected";
            return (
              <tr
                key={column}
                className={`border-line border-b last:border-0 ${mapped.to === "ignore" ? "text-muted" : ""}`}
              >
                <th scope="row" className="h-11 max-w-48 truncate px-2 pl-4 text-left font-medium" title={column}>
                  {column}
                  <span className="block text-xs font-normal text-muted">{types.join(", ")}</span>
                </th>
                <td className="w-full max-w-80 px-2">
                  <span className="line-clamp-1 text-muted" title={examples.join("\n")}>
                    {examples.join(" · ")}
                  </span>
                </td>
                <td className="px-2">
                  <Select
                    aria-label={`Field of ${column}`}
                    value={mapped.to}
                    onChange={({ target }) =>
                      set(column, { to: COLUMN_TARGETS.find((one) => one === target.value) ?? "ignore" })
                    }
                    className="h-7! w-28!"
                  >
                    {COLUMN_TARGETS.map((target) => (
                      <option key={target} value={target}>
                        {TARGET_WORDS[target]}
                      </option>
                    ))}
                  </Select>
                </td>
                <td className="px-2">
                  {isNamed && (
                    <TextInput
                      aria-label={`Key of ${column}`}
                      defaultValue={mapped.name ?? ""}
                      placeholder={mapped.to === "expected" ? "whole field" : column}
                      maxLength={200}
                      onBlur={({ target }) => {
                        const name = target.value.trim() || null;
                        if (name !== mapped.name) set(column, { name });
                      }}
                      className="h-7! w-36!"
                    />
                  )}
                </td>
                <td className="px-2 pr-4">
                  {isNamed && (
                    <Select
                      aria-label={`Parser of ${column}`}
                      value={mapped.parse}
                      onChange={({ target }) =>
                        set(column, { parse: COLUMN_PARSES.find((one) => one === target.value) ?? "as-is" })
                      }
                      className="h-7! w-24!"
                    >
                      {COLUMN_PARSES.map((parse) => (
                        <option key={parse} value={parse}>
                          {PARSE_WORDS[parse]}
                        </option>
                      ))}
                    </Select>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
