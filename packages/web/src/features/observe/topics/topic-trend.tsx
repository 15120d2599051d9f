import { formatNumberOf } from "../../../components/text/format.ts";
import type { Topic } from "./use-topics.ts";

const HEIGHT = 24;
const STEP = 6;

/** The traces of each day as bars from zero. */
export function TopicTrend({ topic: { days, traces } }: { topic: Topic }) {
  const most = Math.max(1, ...days.map((day) => day.traces));
  return (
    <svg
      role="img"
      aria-label={`${formatNumberOf(traces, "trace")} in ${formatNumberOf(days.length, "day")}`}
      width={days.length * STEP}
      height={HEIGHT}
      className="block"
    >
      {days.map((day, place) => {
        const tall = Math.max(1, (day.traces / most) * HEIGHT);
        return (
          <rect
            key={day.day}
            x={place * STEP}
            y={HEIGHT - tall}
            width={STEP - 2}
            height={tall}
            style={{ fill: day.traces === 0 ? "var(--line-strong)" : "var(--series-1)" }}
          >
            <title>{`${day.day}: ${formatNumberOf(day.traces, "trace")}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
