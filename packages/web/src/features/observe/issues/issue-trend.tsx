import { useState } from "react";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import { useIssueTrend } from "./use-issues.ts";

const NAMES = ["day", "hour"] as const;
type By = (typeof NAMES)[number];
const WORDS = { day: "14 days", hour: "48 hours" };
const HEIGHT = 96;

/** The occurrences per day or hour. Hover shows each. */
export function IssueTrend({ issueId }: { issueId: string }) {
  const [by, setBy] = useState<By>("day");
  const trend = useIssueTrend(issueId, by);
  const choice = <Choice label="Time range" names={NAMES} words={WORDS} chosen={by} onChoose={setBy} />;
  return (
    <Section title="Trend" action={choice}>
      <div className="px-4 pb-4">
        {trend.error ? (
          <ErrorState error={trend.error} retry={() => trend.refetch()} />
        ) : trend.data ? (
          <Bars points={trend.data.items} by={by} />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </div>
    </Section>
  );
}

type Point = { readonly at: string; readonly occurrences: number };

function Bars({ points, by }: { points: readonly Point[]; by: By }) {
  const most = Math.max(...points.map(({ occurrences }) => occurrences));
  return (
    <>
      <ol aria-label={`Occurrences per ${by}`} className="flex items-end gap-0.5" style={{ height: HEIGHT }}>
        {points.map((point) => (
          <Bar key={point.at} point={point} most={most} />
        ))}
      </ol>
      <p className="num mt-1 flex justify-between text-xs text-muted">
        <span>{formatTime(points[0]?.at ?? new Date().toISOString())}</span>
        <span>{`Highest: ${formatNumberOf(most, "occurrence")} per ${by}`}</span>
      </p>
    </>
  );
}

function Bar({ point: { at, occurrences }, most }: { point: Point; most: number }) {
  const height = Math.max(2, (occurrences / Math.max(1, most)) * HEIGHT);
  const words = `${formatTime(at)}: ${formatNumberOf(occurrences, "occurrence")}`;
  return (
    <li
      title={words}
      className="min-w-0 grow rounded-t-sm"
      style={{ height, background: occurrences > 0 ? "var(--series-1)" : "var(--line)" }}
    >
      <span className="sr-only">{words}</span>
    </li>
  );
}
