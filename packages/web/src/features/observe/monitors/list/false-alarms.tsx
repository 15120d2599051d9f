import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { alarmsText, MOST_FALSE_ALARMS } from "../shared/monitor-words.ts";
import { type Monitor, useMonitorSummary } from "../shared/use-monitors.ts";

/** The state of all monitors in numbers, and what to change if they are expected to ring too often. */
export function FalseAlarms({ monitors }: { monitors: readonly Monitor[] }) {
  const { data, error } = useMonitorSummary();
  // The list shows its own error, and can be used without these numbers.
  if (error && !data) return null;
  if (!data) return <Skeleton className="h-14 rounded-card" />;
  const isTooMany = data.expectedFalseAlarms > MOST_FALSE_ALARMS;
  return (
    <section aria-label="All monitors" className="card flex flex-col gap-2 px-4 py-3">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure label="Monitors" value={formatCount(data.monitors)} />
        <Figure
          label="Firing series"
          value={formatCount(data.firing)}
          look={data.firing > 0 ? "text-bad" : undefined}
        />
        <Figure
          label="Expected false alarms per 30 days"
          value={alarmsText(data.expectedFalseAlarms)}
          look={isTooMany ? "text-warn" : undefined}
          note={data.unknown > 0 && `unknown for ${formatNumberOf(data.unknown, "monitor")}`}
        />
      </dl>
      {isTooMany && <TooMany monitors={monitors} />}
    </section>
  );
}

type FigureProps = { label: string; value: string; look?: string | undefined; note?: ReactNode };

const Figure = ({ label, value, look = "", note }: FigureProps) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className={`num text-lg font-semibold ${look}`}>
      {value} {note && <span className="text-xs font-normal text-muted">{note}</span>}
    </dd>
  </div>
);

function TooMany({ monitors }: { monitors: readonly Monitor[] }) {
  const worst = monitors
    .filter(({ isEnabled, expectedFalseAlarms }) => isEnabled && expectedFalseAlarms !== null)
    .toSorted((one, other) => (other.expectedFalseAlarms ?? 0) - (one.expectedFalseAlarms ?? 0))[0];
  return (
    <p className="flex gap-2 text-pretty">
      <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0">
        Alarms that are often false are ignored. Aim for 1 or fewer: raise a threshold, require more evaluations, or
        watch fewer series.
        {worst && (
          <>
            {" "}
            Begin with{" "}
            <Link
              to="/monitors/$monitorId/edit"
              params={{ monitorId: worst.monitorId }}
              className="font-medium underline underline-offset-2 [overflow-wrap:anywhere] hover:text-accent"
            >
              {worst.name}
            </Link>{" "}
            ({alarmsText(worst.expectedFalseAlarms)}).
          </>
        )}
      </span>
    </p>
  );
}
