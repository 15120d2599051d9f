import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Answer } from "../../../api.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Select, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { formatHarm, metricWords } from "../comparisons/index.ts";
import { VERDICTS } from "./ab-test-words.tsx";
import { type AbTest, type Finding, useSegments } from "./use-ab-tests.ts";

type Segments = Answer<"GET /api/v1/ab-tests/:abTestId/segments">;
type Row = {
  readonly id: string;
  readonly segment: string;
  readonly variant: string;
  readonly units: number;
  readonly metrics: readonly Finding[];
};

const route = getRouteApi("/shell/ab-tests/$abTestId");

/** The comparison within each tag or value of the metadata. */
export function SegmentsSection({ test }: { test: AbTest }) {
  const { by } = route.useSearch();
  const segments = useSegments(test, by);
  const { data, error } = segments;
  return (
    <Section
      title="Segments"
      description="All segments share the chance of a false verdict, so a segment needs more units than the whole test."
      className="overflow-hidden"
    >
      <ByForm key={by} test={test} by={by} />
      {error && <ErrorState error={error} retry={() => segments.refetch()} title="The segments could not be loaded" />}
      {by !== undefined && !data && !error && <Skeleton className="mx-4 mb-4 h-24" />}
      {data && <Found test={test} segments={data} />}
    </Section>
  );
}

/** Chooses what the segments are: tags, or the values of a key of the metadata. */
function ByForm({ test: { abTestId }, by }: { test: AbTest; by: string | undefined }) {
  const [kind, setKind] = useState(by?.startsWith("metadata:") ? "metadata" : "tag");
  const [key, setKey] = useState(by?.startsWith("metadata:") ? by.slice("metadata:".length) : "plan");
  const navigate = useNavigate();
  const show = (event: FormEvent) => {
    event.preventDefault();
    const next = kind === "tag" ? "tag" : `metadata:${key.trim()}`;
    void navigate({ to: "/ab-tests/$abTestId", params: { abTestId }, search: { by: next }, replace: true });
  };
  return (
    <form onSubmit={show} className="flex flex-wrap items-center gap-2 px-4 pb-4">
      <Select aria-label="Segments by" value={kind} onChange={({ target }) => setKind(target.value)} className="w-36!">
        <option value="tag">Tag</option>
        <option value="metadata">Metadata</option>
      </Select>
      {kind === "metadata" && (
        <TextInput
          aria-label="Metadata key"
          required
          maxLength={200}
          value={key}
          onChange={({ target }) => setKey(target.value)}
          className="w-44! font-mono text-sm"
        />
      )}
      <Button type="submit">Show segments</Button>
    </form>
  );
}

function Found({ test, segments }: { test: AbTest; segments: Segments }) {
  const { segments: items, worst, leftOut } = segments;
  if (items.length === 0) return <p className="px-4 pb-4 text-muted">No counted request has such a value.</p>;
  const rows = items.flatMap(({ segment, arms }) =>
    arms
      .filter(({ variant }) => variant !== test.control)
      .map(({ variant, units, metrics }): Row => ({ id: `${segment} ${variant}`, segment, variant, units, metrics })),
  );
  return (
    <>
      <p className="px-4 pb-3" aria-live="polite">
        {worst
          ? `${worst.variant} does the most harm in ${worst.segment}: ${worst.key} is worse than the control.`
          : "No segment shows harm."}
        {leftOut > 0 && <span className="text-muted"> {formatCount(leftOut)} smaller segments are not compared.</span>}
      </p>
      <PlainTable label="Segments" columns={COLUMNS} rows={rows} idOf={({ id }) => id} />
    </>
  );
}

const COLUMNS: readonly PlainColumn<Row>[] = [
  { id: "segment", header: "Segment", className: "min-w-24 [overflow-wrap:anywhere]", cell: ({ segment }) => segment },
  { id: "variant", header: "Variant", cell: ({ variant }) => variant },
  { id: "units", header: "Units", isNumber: true, cell: ({ units }) => formatCount(units) },
  {
    id: "metrics",
    header: "Verdicts",
    className: "w-full min-w-52",
    cell: ({ metrics }) => (
      <span className="flex flex-col">
        {metrics.map(({ key, metric, verdict, harm }) => (
          <span key={key}>
            {metricWords(metric)}:{" "}
            {verdict && <span className={VERDICTS[verdict].look}>{VERDICTS[verdict].word.toLowerCase()}</span>}
            <span className="num text-muted"> {harm === null ? "" : formatHarm(harm, metric)}</span>
          </span>
        ))}
      </span>
    ),
  },
];
