import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Select } from "../../components/field.tsx";
import { formatNumberOf } from "../../components/format.ts";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { ErrorState } from "../../components/states.tsx";
import { LineageLink } from "./lineage-link.tsx";
import { SpanLink } from "./step-card.tsx";
import { type Row, useRunRows, useSourceNames } from "./use-lineage.ts";

const USES: Readonly<Record<Row["use"], { readonly word: string; readonly look: string }>> = {
  trained: { word: "trained on", look: "text-good" },
  "held out": { word: "held out", look: "text-info" },
  skipped: { word: "skipped", look: "text-warn" },
  "left out": { word: "left out", look: "text-muted" },
};

/** The rows that a run was given, each with what became of it and with where it came from. */
export function RunRows({ trainingRunId, name }: { trainingRunId: string; name: string }) {
  const [source, setSource] = useState(0);
  const names = useSourceNames(trainingRunId).data ?? [];
  const list = useRunRows(trainingRunId, source);
  const [first] = list.data?.pages ?? [];
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      title={`The rows of ${name}`}
      description={
        first
          ? `${first.total === null ? "" : `${formatNumberOf(first.total, "row")} of `}${first.ref}. Held out: only measured on. Left out: of a split that the run did not look at.`
          : "What it was given, in order."
      }
      action={
        names.length > 1 && (
          <Select
            aria-label="Which source"
            value={String(source)}
            onChange={(event) => setSource(Number(event.target.value))}
          >
            {names.map((ref, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a run may be given the same data twice, and its sources never move.
              <option key={place} value={place}>
                {ref}
              </option>
            ))}
          </Select>
        )
      }
    >
      {list.error && !rows ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The rows cannot be shown" />
      ) : (
        <>
          <PlainTable
            label={`The rows of ${name}`}
            columns={columnsOf(first ?? { datasetId: null, version: null })}
            rows={rows}
            idOf={({ itemId }) => itemId}
          />
          <MoreRows list={list} />
        </>
      )}
    </Section>
  );
}

type Place = { readonly datasetId: string | null; readonly version: number | null };

const columnsOf = ({ datasetId, version }: Place): readonly PlainColumn<Row>[] => [
  {
    id: "row",
    header: "Row",
    className: "w-full min-w-40",
    cell: ({ itemId, preview }) => (
      <span className="line-clamp-2 [overflow-wrap:anywhere]">
        {datasetId !== null && version !== null ? (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId }}
            search={{ at: String(version), open: itemId }}
            className="hover:underline"
          >
            {preview}
          </Link>
        ) : (
          preview
        )}
      </span>
    ),
  },
  {
    id: "use",
    header: "Used as",
    className: "whitespace-nowrap",
    cell: ({ use }) => <span className={USES[use].look}>{USES[use].word}</span>,
  },
  { id: "split", header: "Split", isWide: true, cell: ({ split }) => split ?? <span className="text-faint">–</span> },
  { id: "source", header: "Came from", className: "min-w-28", cell: ({ source }) => <From source={source} /> },
  {
    id: "way",
    header: "",
    isWide: true,
    cell: ({ itemId }) =>
      datasetId !== null &&
      version !== null && <LineageLink of={{ dataset: datasetId, at: String(version), item: itemId }} />,
  },
];

function From({ source: { kind, traceId, spanId, file, line, model } }: { source: Row["source"] }) {
  switch (kind) {
    case "trace":
    case "feedback": {
      const word = kind === "trace" ? "a trace" : "feedback";
      if (traceId === undefined) return `${word}, which was not noted`;
      return <SpanLink {...{ traceId, spanId }}>{word}</SpanLink>;
    }
    case "file":
      return (
        <span className="[overflow-wrap:anywhere]">
          {file ?? "a file"}
          {line === undefined ? "" : `, line ${line}`}
        </span>
      );
    case "synthetic":
      return model ? `made by ${model}` : "made by a model";
    case "manual":
      return "written by hand";
  }
}
