import type { Metrics } from "../metrics/port.ts";
import type { LineOutput } from "./line-output.ts";

/** Puts the log's figure on the metrics page. */
export function measureLog(metrics: Metrics, { droppedLines }: Pick<LineOutput, "droppedLines">): void {
  metrics.gauge({
    name: "treadle_log_dropped_lines",
    help: "Log lines since the start that could not be written, for example because the disk was full.",
    read: () => [{ labels: {}, value: droppedLines() }],
  });
}
