import { useMemo } from "react";
import { TimeChart } from "../../../components/chart/time-chart.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatEvidence } from "./probe-state.tsx";
import { type Probe, type ProbeRun, useProbeRuns } from "./use-probes.ts";

const DAY_SECONDS = 86_400;
const HEIGHT = 180;

/** The evidence after each daily run, on a logarithmic axis, with the threshold. */
export function EvidenceChart({ probe }: { probe: Probe }) {
  const { data } = useProbeRuns(probe);
  const drawn = useMemo(() => toLines(data?.items ?? [], probe.threshold), [data, probe.threshold]);
  if (data && drawn.times.length === 0) return <NoEvidence probe={probe} />;
  return (
    <TimeChart
      title="Evidence of a change"
      {...drawn}
      bucketSeconds={DAY_SECONDS}
      format={(value) => formatEvidence(10 ** value)}
      formatTick={(value) => (Number.isInteger(value) ? formatEvidence(10 ** value) : "")}
      height={HEIGHT}
      onZoom={() => undefined}
      onOpen={() => undefined}
    />
  );
}

const NoEvidence = ({ probe: { references } }: { probe: Probe }) => (
  <Section title="Evidence of a change">
    <p className="px-4 pb-4 text-muted">
      {references === 0
        ? "Nothing is compared yet. The first run at each of the two hours collects the reference. Evidence appears after the next run."
        : "Nothing is compared yet. Evidence appears after the next run at an hour with a reference."}
    </p>
  </Section>
);

/** Evidence above a million is drawn there, so that the threshold remains visible. */
const HIGHEST = 6;
/** Evidence below 1 begins again, so the axis starts there. */
const toHeight = (evidence: number) => Math.log10(Math.max(1, evidence));

function toLines(runs: readonly ProbeRun[], threshold: number) {
  const daily = runs
    .flatMap(({ startedAt, evidence }) =>
      evidence === null ? [] : [{ time: Date.parse(startedAt) / 1_000, evidence }],
    )
    .reverse();
  const last = daily.at(-1);
  return {
    times: daily.map(({ time }) => Math.floor(time / DAY_SECONDS) * DAY_SECONDS),
    series: [
      {
        label: "Evidence",
        color: "--series-1",
        kind: "line" as const,
        values: daily.map(({ evidence }) => toHeight(evidence)),
        drawn: daily.map(({ evidence }) => Math.min(HIGHEST, toHeight(evidence))),
        ...(last && { summary: formatEvidence(last.evidence) }),
      },
      {
        label: "Threshold",
        color: "--series-5",
        kind: "line" as const,
        values: daily.map(() => toHeight(threshold)),
        summary: formatEvidence(threshold),
      },
    ],
  };
}
