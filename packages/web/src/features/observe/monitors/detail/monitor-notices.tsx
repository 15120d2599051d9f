import { RunEnd } from "../../../../components/feedback/run-end.tsx";
import { formatTime } from "../../../../components/text/format.ts";
import { ALARM_ADVICE, alarmsText, MOST_FALSE_ALARMS } from "../shared/monitor-words.ts";
import type { Monitor } from "../shared/use-monitors.ts";
import { isMuted } from "../shared/use-muting.ts";

/** What a person must know before reading the numbers. */
export function MonitorNotices({ monitor }: { monitor: Monitor }) {
  const { lastError, isEnabled, isFlapping, mutedUntil, expectedFalseAlarms } = monitor;
  const words = [
    lastError && `The last evaluation failed: ${lastError}`,
    isFlapping && "The monitor is flapping. It sends no notifications until it is stable for 30 minutes.",
    expectedFalseAlarms !== null &&
      expectedFalseAlarms > MOST_FALSE_ALARMS &&
      `Expect about ${alarmsText(expectedFalseAlarms)} false alarms per 30 days. ${ALARM_ADVICE[monitor.condition.kind]}`,
  ].filter((one) => typeof one === "string" && one !== "");
  return (
    <>
      {!isEnabled && <RunEnd tone="neutral" words="The monitor is disabled. It is not evaluated." />}
      {isMuted(monitor) && mutedUntil && (
        <RunEnd
          tone="neutral"
          words={`Muted until ${formatTime(mutedUntil)}. It is evaluated, but sends no notifications.`}
        />
      )}
      {words.map((one) => (
        <RunEnd key={String(one)} tone="warn" words={String(one)} />
      ))}
    </>
  );
}
