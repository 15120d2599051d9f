import { ProgressBar } from "../../../components/feedback/progress-bar.tsx";
import { formatCompact, formatExactTime, formatMoney } from "../../../components/text/format.ts";
import { amountWords, waitingWords } from "./limit-words.ts";
import type { Limit, LimitUsage } from "./use-limits.ts";

const SHOWN = 3;
const HIGH = 80;
const FULL = 100;

/** The usage of a limit: a bar for each of the values that are closest to it. */
export function UsageBars({ limit }: { limit: Limit }) {
  const { usage, values } = limit;
  if (usage.length === 0) return <span className="text-muted">No usage in this period</span>;
  return (
    <ul className="flex w-full min-w-44 flex-col gap-2 py-1">
      {usage.slice(0, SHOWN).map((one) => (
        <li key={one.value}>
          <UsageBar limit={limit} usage={one} />
        </li>
      ))}
      {values > SHOWN && <li className="text-xs text-muted">{values - SHOWN} more with less usage</li>}
    </ul>
  );
}

function UsageBar({ limit: { name, measure, burst, amount }, usage }: { limit: Limit; usage: LimitUsage }) {
  const { value, used, reserved, percent, resetsAt, unpriced, waiting } = usage;
  const tone = percent >= FULL ? "bad" : percent >= HIGH ? "warn" : "accent";
  return (
    <div className="flex flex-col gap-1">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
        <span className="num">
          {value !== "" && <span className="mr-1.5 font-medium [overflow-wrap:anywhere]">{value}</span>}
          {measure === "cost" ? formatMoney(used) : formatCompact(used)} of {amountWords(burst ?? amount, measure)}
          {reserved > 0 && <span className="text-muted"> and {amountWords(reserved, measure)} reserved</span>}
        </span>
        <span className="num text-muted">{Math.floor(percent)}%</span>
      </span>
      <ProgressBar label={`Usage of ${name} ${value}`.trim()} value={percent / FULL} tone={tone} />
      <span className="text-xs text-muted">
        {waiting > 0 && <span className="mr-1.5 font-medium text-warn">{waitingWords(waiting)}</span>}
        {resetsAt !== null && used + reserved > 0 && (
          <time dateTime={resetsAt} title={formatExactTime(resetsAt)}>{`Resets ${untilWords(resetsAt)}`}</time>
        )}
        {unpriced > 0 && <span className="text-warn"> {unpriced} without a known price</span>}
      </span>
    </div>
  );
}

function untilWords(iso: string): string {
  const ms = Date.parse(iso) - Date.now();
  if (ms <= 0) return "now";
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} days`;
}
