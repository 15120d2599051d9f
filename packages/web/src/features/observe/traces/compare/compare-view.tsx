import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useMemo, useState } from "react";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import {
  DurationCell,
  MoneyCell,
  StatusCell,
  TextCell,
  TimeCell,
  TokensCell,
} from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { TraceSummary } from "../list/use-traces.ts";
import { type LoadedTrace, useTrace } from "../model/use-trace.ts";
import { nameOf, TraceSkeleton } from "../tree/trace-parts.tsx";
import { DiffTable } from "./diff-table.tsx";

type CompareProps = {
  trace: LoadedTrace;
  otherId: string | undefined;
  setOther: (traceId: string | undefined) => void;
};

/** Compares this trace with another: steps, durations, cost and output. */
export function CompareView({ trace, otherId, setOther }: CompareProps) {
  if (!otherId) return <OtherChoice trace={trace} choose={setOther} />;
  return <Comparison trace={trace} otherId={otherId} leave={() => setOther(undefined)} />;
}

function Comparison({ trace, otherId, leave }: { trace: LoadedTrace; otherId: string; leave: () => void }) {
  const other = useTrace(otherId);
  if (other.error && other.data?.traceId !== otherId)
    return (
      <div className="min-h-0 grow overflow-y-auto">
        <ErrorState error={other.error} retry={() => other.refetch()} title="The other trace could not be loaded" />
        <div className="flex justify-center">
          <Button onClick={leave}>Choose another trace</Button>
        </div>
      </div>
    );
  if (other.data?.traceId !== otherId) return <TraceSkeleton />;
  return <DiffTable left={trace} right={other.data} leave={leave} />;
}

const COLUMNS: readonly PlainColumn<TraceSummary>[] = [
  { id: "time", header: "Time", cell: ({ startTime }) => <TimeCell iso={startTime} /> },
  { id: "status", header: "Status", cell: ({ status }) => <StatusCell status={status} /> },
  {
    id: "name",
    header: "Name",
    className: "max-w-60 truncate",
    cell: ({ name, traceId }) => (
      <Link
        from="/traces/$traceId"
        search={(old) => ({ ...old, with: traceId })}
        replace
        resetScroll={false}
        className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
      >
        <bdi>{name}</bdi>
      </Link>
    ),
  },
  {
    id: "output",
    header: "Output",
    isWide: true,
    className: "max-w-80 truncate text-muted",
    cell: ({ outputPreview }) => <TextCell text={outputPreview} />,
  },
  { id: "duration", header: "Duration", isNumber: true, cell: ({ durationMs }) => <DurationCell ms={durationMs} /> },
  {
    id: "tokens",
    header: "Tokens",
    isNumber: true,
    isWide: true,
    cell: (trace) => <TokensCell input={trace.inputTokens} output={trace.outputTokens} />,
  },
  { id: "cost", header: "Cost", isNumber: true, isWide: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
];

/** The latest traces, with the same name first, and a field for any other trace. */
function OtherChoice({ trace, choose }: { trace: LoadedTrace; choose: (traceId: string) => void }) {
  const { id, client } = useProject();
  const name = nameOf(trace);
  const recent = useQuery({
    queryKey: ["traces-to-compare", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/traces", { query: { limit: 100 }, signal }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => {
    const others = recent.data?.items.filter(({ traceId }) => traceId !== trace.traceId);
    if (!others) return undefined;
    const isAlike = (other: TraceSummary) => (other.name === name ? 0 : 1);
    return others.toSorted((a, b) => isAlike(a) - isAlike(b)).slice(0, 30);
  }, [recent.data, trace.traceId, name]);
  return (
    <div className="min-h-0 grow overflow-y-auto p-6 max-md:p-4">
      <h2 className="font-semibold">Choose a trace to compare</h2>
      <IdForm choose={choose} />
      {recent.error ? (
        <ErrorState error={recent.error} retry={() => recent.refetch()} title="The traces could not be listed" />
      ) : rows?.length === 0 ? (
        <p className="mt-4 text-muted">This project has no other trace yet.</p>
      ) : (
        <div className="card mt-4">
          <PlainTable
            label="Traces to compare with"
            columns={COLUMNS}
            rows={rows}
            idOf={({ traceId }) => traceId}
            onOpen={({ traceId }) => choose(traceId)}
          />
        </div>
      )}
    </div>
  );
}

function IdForm({ choose }: { choose: (traceId: string) => void }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const id = /[0-9a-f]{32}/.exec(text.toLowerCase())?.[0];
    if (id) choose(id);
    else setError("Enter a trace id with 32 hexadecimal digits, or the URL of a trace.");
  }
  return (
    <form onSubmit={submit} className="mt-2 flex max-w-140 items-end gap-2">
      <Field label="Trace id or URL" error={error} className="grow">
        {(control) => (
          <TextInput
            {...control}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setError(undefined);
            }}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" className={error ? "mb-5" : ""}>
        Compare
      </Button>
    </form>
  );
}
