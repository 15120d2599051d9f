import { formatDuration, formatTime } from "../../../../components/text/format.ts";
import { type Stretch, stretchesOf } from "../shared/chart-values.ts";
import { STATE_WORDS } from "../shared/monitor-words.ts";
import type { Monitor, MonitorPoint } from "../shared/use-monitors.ts";

const LOOKS: Readonly<Record<MonitorPoint["state"], string>> = {
  ok: "bg-good/35",
  pending: "bg-warn/60",
  firing: "bg-bad",
  recovering: "bg-info/60",
  "no-data": "bg-[repeating-linear-gradient(135deg,var(--line-strong)_0_3px,var(--raised)_3px_6px)]",
  error: "bg-warn",
};
const STATES = ["firing", "pending", "recovering", "ok", "no-data", "error"] as const;

type StripProps = {
  points: readonly MonitorPoint[];
  timing: Pick<Monitor, "windowSeconds" | "everySeconds">;
};

/** The states of a series over time as one strip, with a legend of the states that occur. */
export function StateStrip({ points, timing }: StripProps) {
  const stretches = stretchesOf(points, timing);
  const [first, last] = [stretches[0], stretches.at(-1)];
  // One state is no course, and the list of series shows it.
  if (!first || !last || points.length < 2) return null;
  const shareOf = (seconds: number) => `${seconds / (last.to - first.from)} 0 0`;
  return (
    <section aria-label="States" className="card flex flex-col gap-2 px-4 py-3">
      <Legend stretches={stretches} />
      {/* The strip begins and ends where the plot above it does. */}
      <div className="flex h-4 overflow-hidden rounded-[3px] md:mr-4.5 md:ml-12">
        {stretches.map((one) => (
          <span
            key={one.from}
            title={titleOf(one, timing.windowSeconds)}
            className={`min-w-px ${LOOKS[one.state]}`}
            style={{ flex: shareOf(one.to - one.from) }}
          />
        ))}
        <span style={{ flex: shareOf(Math.max(0, timing.windowSeconds - timing.everySeconds)) }} />
      </div>
    </section>
  );
}

const Legend = ({ stretches }: { stretches: readonly Stretch[] }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
    <h3 className="text-sm font-semibold text-text">States</h3>
    {STATES.filter((state) => stretches.some((one) => one.state === state)).map((state) => (
      <span key={state} className="inline-flex items-center gap-1.5">
        <span aria-hidden className={`size-2.5 rounded-[2px] ${LOOKS[state]}`} />
        {STATE_WORDS[state]} <span className="num text-text">{lengthOf(stretches, state)}</span>
      </span>
    ))}
  </div>
);

/** How long a series was in a state. */
const lengthOf = (stretches: readonly Stretch[], state: Stretch["state"]): string =>
  formatDuration(
    stretches.filter((one) => one.state === state).reduce((sum, { from, to }) => sum + to - from, 0) * 1_000,
  );

/** A state begins with the evaluation at the end of its window. */
const titleOf = ({ state, from, to }: Stretch, windowSeconds: number): string =>
  `${STATE_WORDS[state]} from ${formatTime(new Date((from + windowSeconds) * 1_000).toISOString())} for ${formatDuration((to - from) * 1_000)}`;
