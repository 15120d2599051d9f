import type { RowError } from "@treadle/contract";
import { Download } from "lucide-react";
import { useState } from "react";
import { saveFile, toCsv } from "../../../../components/browser/save-file.ts";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount } from "../../../../components/text/format.ts";

const FIRST = 8;

/** The errors by line, with what to do. */
export function RowErrors({ errors, errorCount }: { errors: readonly RowError[]; errorCount: number }) {
  const [shown, setShown] = useState(FIRST);
  const save = () =>
    saveFile(
      "errors.csv",
      toCsv([["line", "where", "message"], ...errors.map(({ line, pointer, message }) => [line, pointer, message])]),
      "text/csv",
    );
  return (
    <div>
      <table aria-label="Errors by line" className="w-full border-line border-t">
        <thead className="sr-only">
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Error</th>
          </tr>
        </thead>
        <tbody>
          {errors.slice(0, shown).map(({ line, pointer, message }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line can have the same error twice, and the list is replaced as a whole.
            <tr key={`${line} ${place}`} className="border-line border-b">
              <th
                scope="row"
                className="num w-24 px-4 py-1.5 text-right align-top font-normal whitespace-nowrap text-muted"
              >
                line {formatCount(line)}
              </th>
              <td className="py-1.5 pr-4 [overflow-wrap:anywhere]">
                {pointer && <code className="mr-2 text-xs text-muted">{pointer}</code>}
                {message}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        {errors.length > shown && (
          <Button size="small" onClick={() => setShown(shown + 100)}>
            Show {formatCount(Math.min(100, errors.length - shown))} more
          </Button>
        )}
        <Button size="small" kind="quiet" onClick={save}>
          <Download aria-hidden size={12} /> Download as CSV
        </Button>
        {errors.length < errorCount && (
          <span className="text-xs text-muted">
            Showing the first {formatCount(errors.length)} of {formatCount(errorCount)}.
          </span>
        )}
      </div>
    </div>
  );
}
