import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { formatBytes, formatCount } from "../../../../components/text/format.ts";
import type { RangeSearch } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import type { TraceFilter } from "../../filter/index.ts";
import { FORMATS, type Format, useExport } from "./use-export.ts";
import { useListMetrics } from "./use-list-metrics.ts";

type ExportProps = { filter: TraceFilter; range: RangeSearch; what: "traces" | "spans" };

/** Takes what the list shows away as a file. */
export function ExportButton(props: ExportProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        aria-label="Export"
        title="Export the list as a file"
        onClick={() => setIsOpen(true)}
        className="w-8 px-0!"
      >
        <Download aria-hidden size={14} className="text-muted" />
      </Button>
      {isOpen && <ExportDialog {...props} close={() => setIsOpen(false)} />}
    </>
  );
}

const FORMAT_NAMES = ["csv", "jsonl", "parquet"] as const;

function ExportDialog({ filter, range, what, close }: ExportProps & { close: () => void }) {
  const { can } = useProject();
  const [format, setFormat] = useState<Format>("csv");
  const [hasPayloads, setHasPayloads] = useState(false);
  const { totals } = useListMetrics({ filter, range }, what);
  const { state, run, cancel } = useExport({ filter, range });
  const isRunning = state.kind === "running";
  const rows = totals.data?.rows;
  return (
    <Dialog
      title={`Export the ${what}`}
      description={wordsFor(rows, FORMATS[format].most, what)}
      close={close}
      width="narrow"
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await run({ what, format, hasPayloads })) close();
        }}
      >
        <fieldset className="flex flex-col gap-1.5" disabled={isRunning}>
          <legend className="sr-only">Format</legend>
          {FORMAT_NAMES.map((name) => (
            <label key={name} className="flex cursor-pointer items-center gap-2">
              <input
                type="radio"
                name="format"
                checked={format === name}
                onChange={() => setFormat(name)}
                className="size-4 accent-accent"
              />
              <span>{FORMATS[name].label}</span>
              <span className="text-xs text-muted">{FORMATS[name].help}</span>
            </label>
          ))}
        </fieldset>
        {what === "spans" && can("traces:content") && (
          <Checkbox
            label="Include inputs, outputs and attributes"
            checked={hasPayloads}
            disabled={isRunning}
            onChange={() => setHasPayloads(!hasPayloads)}
          />
        )}
        {state.kind === "failed" && (
          <p role="alert" className="text-bad">
            {state.message}
          </p>
        )}
        <div className="flex items-center justify-end gap-2">
          {isRunning && <span className="num mr-auto text-muted">{formatBytes(state.bytes)} so far</span>}
          <Button onClick={isRunning ? cancel : close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={isRunning}>
            Export
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wordsFor(rows: number | undefined, most: number, what: string): string {
  if (rows === undefined) return "The rows in the list, newest first.";
  if (rows > most) return `The newest ${formatCount(most)} of ${formatCount(rows)} ${what} in the list.`;
  return `The ${formatCount(rows)} ${what} in the list.`;
}
