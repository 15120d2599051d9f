import { Link } from "@tanstack/react-router";
import { Database } from "lucide-react";
import { useState } from "react";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatDuration, formatNumberOf } from "../../../components/text/format.ts";
import { unitLook } from "../../../components/text/unit.ts";
import { timeOf } from "../../../components/time/time-range.ts";
import { ToDatasetDialog } from "../../data/to-dataset/index.ts";
import { useProject } from "../../system/session/index.ts";
import type { Evidence } from "./use-incidents.ts";

type Trace = Evidence["affected"]["items"][number];
type Props = { evidence: Evidence; from: string; to: string; title: string };

/** The traces with affected spans: the worst ones and random ones. */
export function AffectedTraces({ evidence, from, to, title }: Props) {
  const { affected, events } = evidence;
  const words =
    affected.traces === 0
      ? "No trace is affected in this time range."
      : `${formatNumberOf(affected.traces, "trace")} with ${formatNumberOf(affected.spans, "span")}: ${events}.`;
  return (
    <Section
      title="Affected traces"
      description={words}
      action={affected.items.length > 0 && <Actions evidence={evidence} from={from} to={to} title={title} />}
    >
      {affected.items.length > 0 && (
        <div className="max-h-120 overflow-y-auto">
          <PlainTable
            label="Affected traces"
            columns={columnsOf(evidence)}
            rows={affected.items}
            idOf={({ traceId }) => traceId}
          />
        </div>
      )}
    </Section>
  );
}

function Actions({ evidence: { affected }, from, to, title }: Props) {
  const range = timeOf(new Date(from), new Date(to));
  return (
    <>
      <CreateDataset traces={affected.items} title={title} />
      {affected.filter !== null && (
        <Link
          to="/traces"
          search={{ ...(affected.filter ? { filter: affected.filter } : {}), ...range }}
          className={buttonLook("plain", "small")}
        >
          Show all
        </Link>
      )}
    </>
  );
}

/** The model calls in these traces, because they have the requests and answers. */
function CreateDataset({ traces, title }: { traces: readonly Trace[]; title: string }) {
  const { can } = useProject();
  const [isOpen, setIsOpen] = useState(false);
  if (!can("datasets:write") || !can("traces:content")) return null;
  const filter = `trace:${traces.map(({ traceId }) => traceId).join(",")} kind:generation`;
  return (
    <>
      <Button size="small" title={`Add the traces of “${title}” to a dataset`} onClick={() => setIsOpen(true)}>
        <Database aria-hidden size={12} className="text-muted" /> Add to dataset
      </Button>
      {isOpen && <ToDatasetDialog select={{ filter }} close={() => setIsOpen(false)} />}
    </>
  );
}

function columnsOf({ unit, measure }: Evidence): readonly PlainColumn<Trace>[] {
  // Affected spans of a rate are sorted by their duration.
  const format = unit === "ratio" || measure === "errors" ? formatDuration : unitLook(unit).format;
  return [
    {
      id: "trace",
      header: "Trace",
      className: "w-full min-w-32",
      cell: ({ traceId, spanId }) => (
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={{ span: spanId }}
          className="font-mono text-xs underline"
        >
          {traceId.slice(0, 16)}
        </Link>
      ),
    },
    { id: "at", header: "Time", cell: ({ at }) => <TimeCell iso={at} /> },
    { id: "value", header: "Value", isNumber: true, cell: ({ value }) => format(value) },
    { id: "model", header: "Model", isWide: true, cell: ({ model }) => <Short text={model} /> },
    { id: "endpoint", header: "Endpoint", isWide: true, cell: ({ endpoint }) => <Short text={endpoint} /> },
    { id: "error", header: "Error", isWide: true, cell: ({ errorType }) => <Short text={errorType} /> },
    { id: "chosen", header: "Chosen as", cell: ({ chosen }) => <span className="text-muted">{chosen}</span> },
  ];
}

const Short = ({ text }: { text: string }) => (
  <span title={text} className="block max-w-48 truncate">
    {text || "–"}
  </span>
);
