import { useNavigate } from "@tanstack/react-router";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { formatEvidence } from "./rollout-words.ts";
import { type Rollout, type RolloutPoint, useRolloutPoints } from "./use-rollouts.ts";

const HEIGHT = 200;
const COLORS = 8;
const LEAST_EVIDENCE = -2;
/** A look covers at least a minute of traces. */
const LEAST_SECONDS = 60;

/** The evidence of each metric and the share over time. A click opens the candidate's traces of that time. */
export function EvidenceCharts({ rollout }: { rollout: Rollout }) {
  const points = useRolloutPoints(rollout);
  const navigate = useNavigate();
  const items = points.data?.items;
  if (points.error && !items)
    return <ErrorState error={points.error} retry={() => points.refetch()} title="The course could not be loaded" />;
  if (!items) return <Skeleton className="h-52 rounded-card" />;
  const times = items.map(({ at }) => Date.parse(at) / 1_000);
  const open = (from: Date, to: Date) => {
    const filter = `rollout:${rollout.rolloutId} variant:${rollout.candidate}`;
    void navigate({
      to: "/traces",
      search: { view: "spans", filter, from: from.toISOString(), to: to.toISOString() },
    });
  };
  const shared = { times, bucketSeconds: stepOf(times), height: HEIGHT, onOpen: open, onZoom: open };
  return (
    <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
      <TimeChart {...shared} title="Evidence over time" series={evidenceOf(items)} format={formatEvidence} />
      <TimeChart
        {...shared}
        title="Share over time"
        format={formatPercent}
        series={[{ label: "Candidate", color: "--series-1", kind: "area", values: items.map(({ share }) => share) }]}
      />
    </div>
  );
}

/** The e-values as powers of ten, so that the axis is a log scale, and the line that is proof. */
function evidenceOf(points: readonly RolloutPoint[]) {
  const keys = points.at(-1)?.metrics.map(({ key }) => key) ?? [];
  const metricOf = (point: RolloutPoint, key: string) => point.metrics.find((metric) => metric.key === key);
  const lines = keys.map((key, place) => ({
    label: key,
    color: `--series-${(place % COLORS) + 1}`,
    kind: "line" as const,
    values: points.map((point) => shownOf(metricOf(point, key)?.evidence)),
  }));
  const line = points.map(({ metrics }) => metrics[0]?.line ?? null);
  return [...lines, { label: "line", color: "--muted", kind: "line" as const, values: line }];
}

/** Evidence far below 1 says the same as 0.01, and would flatten the rest of the chart. */
const shownOf = (evidence: number | undefined): number | null =>
  evidence === undefined ? null : Math.max(LEAST_EVIDENCE, evidence);

/** The median distance of two points. */
function stepOf(times: readonly number[]): number {
  const steps = times.slice(1).map((time, place) => time - (times[place] ?? time));
  const middle = steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)] ?? LEAST_SECONDS;
  return Math.max(LEAST_SECONDS, middle);
}
