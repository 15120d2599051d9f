import { useState } from "react";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf, formatTime } from "../../../components/text/format.ts";
import { useIssueTrend } from "./use-issues.ts";

const NAMES = ["day", "hour"] as const;
const WORDS = { day: "14 days", hour: "48 hours" };
const HEIGHT = 96;

/** The occurrences per day or hour. Hover shows each. */
export function IssueTrend({ issueId }: { issueId: string }) {
  const [by, setBy] = useState<(typeof NAMES)[number]>("day");
  const trend = useIssueTrend(issueId, by);
  const points = trend.data?.items;
  const most = Math.max(1, ...(points ?? []).map(({ occurrences }) => occurrences));
  return (
    <Section
      title="Trend"
      action={<Choice label="Time range" names={NAMES} words={WORDS} chosen={by} onChoose={setBy} />}
    >
      <div className="px-4 pb-4">
        {trend.error ? (
          <ErrorState error={trend.error} retry={() => trend.refetch()} />
        ) : points ? (
          <>
            <ol aria-label={`Occurrences per ${by}`} className="flex items-end gap-0.5" style={{ height: HEIGHT }}>
              {points.map(({ at, occurrences }) => (
                <li
                  key={at}
                  title={`${formatTime(at)}: ${formatNumberOf(occurrences, "occurrence")}`}
                  className={`min-w-0 grow rounded-t-sm ${occurrences > 0 ? "bg-series-1" : "bg-line"}`}
                  style={{
                    height: Math.max(2, (occurrences / most) * HEIGHT),
                    background: occurrences > 0 ? "var(--series-1)" : "var(--line)",
                  }}
                >
                  <span className="sr-only">{`${formatTime(at)}: ${occurrences}`}</span>
                </li>
              ))}
            </ol>
            <p className="num mt-1 flex justify-between text-xs text-muted">
              <span>{formatTime(points[0]?.at ?? "")}</span>
              <span>{`highest ${formatNumberOf(most, "occurrence")} per ${by}`}</span>
            </p>
          </>
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </div>
    </Section>
  );
}
