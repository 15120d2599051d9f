import { formatCount } from "../../../components/text/format.ts";
import type { Recorded } from "./use-replays.ts";

/** What the recorded traffic contains, as names and values. Zeros that say nothing are left out. */
export function recordedFacts(recorded: Recorded): (readonly [name: string, value: string])[] {
  const { items, merged, skipped, withTools, toolCalls, withInputs, timeDependent } = recorded;
  const optional: (readonly [string, number])[] = [
    ["Merged calls", merged],
    ["Without input", skipped],
    ["With tools", withTools],
    ["Tool calls", toolCalls],
    ["With prompt variables", withInputs],
    ["With a date", timeDependent],
  ];
  const shown = optional.filter(([, count]) => count > 0);
  return [["Recordings", formatCount(items)], ...shown.map(([name, count]) => [name, formatCount(count)] as const)];
}
