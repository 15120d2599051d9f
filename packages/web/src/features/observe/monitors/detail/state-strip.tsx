import { formatDuration, formatTime } from "../../../../components/text/format.ts";
import { type Stretch, stretchesOf } from "../shared/chart-values.ts";
import { STATE_WORDS } from "../shared/monitor-words.ts";
import type { MonitorPoint } from "../shared/use-monitors.ts";

const LOOKS: Readonly<Record<MonitorPoint["state"], string>> = {
  ok: "bg-good/35",
  pending: "bg-warn/60",
  firing: "bg-bad",
  recovering: "bg-info/60",
  "no-data": "bg-[repeating-linear-gradient(135deg,var(--line-strong)_0_3px,var(--raised)_3px_6px)]",
  error: "bg-warn",
};
const STATES = ["firing", "pending", "recovering", "ok", "no-data", "error"] as const;

/** The states of a series over time as one strip, with a legend of the states that occur. */
export function StateStrip({ points }: { points: readonly MonitorPoint[] }) {
  const stretches = stretchesOf(points);
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (!first || !last || first.from === last.to) return null;
  const whole = last.to - first.from;
  return (
    <section aria-label="States" className="card flex flex-col gap-2 px-4 py-3">
      <Legend stretches={stretches} />
      {/* The strip begins and ends where the plot above it does. */}
      <div className="flex h-4 overflow-hidden rounded-[3px] md:mr-2.5 md:ml-12">
        {stretches.map((one) => (
          <span
            key={one.from}
            title={titleOf(one)}
            className={`min-w-px ${LOOKS[one.state]}`}
            style={{ flex: `${(one.to - one.from) / whole} 0 0` }}
          />
        ))}
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

const titleOf = ({ state, from, to }: Stretch): string =>
  `${STATE_WORDS[state]} from ${formatTime(new Date(from * 1_000).toISOString())} for ${formatDuration((to - from) * 1_000)}`;
