import { eachField } from "./decode-protobuf.ts";
import { type Cursor, cursorOf, readMessage, readTag, skipField } from "./wire-reader.ts";

/** The fields that lead from a metrics request to its metrics, and from each metric's kinds to its data points. */
const SCOPES = 0x12;
const METRICS = 0x12;
const KINDS_OF_METRIC: ReadonlySet<number> = new Set([0x2a, 0x3a, 0x4a, 0x52, 0x5a]);

/** How many data points a metrics request in protobuf holds. */
export function countDataPoints(bytes: Buffer): number {
  let count = 0;
  eachField(cursorOf(bytes), 0x0a, (group) => {
    eachField(group, SCOPES, (scoped) => {
      eachField(scoped, METRICS, (metric) => {
        count += countIn(metric);
      });
    });
  });
  return count;
}

function countIn(metric: Cursor): number {
  let count = 0;
  for (let tag = readTag(metric); tag !== 0; tag = readTag(metric)) {
    if (!KINDS_OF_METRIC.has(tag)) skipField(metric, tag);
    else
      eachField(readMessage(metric), 0x0a, () => {
        count += 1;
      });
  }
  return count;
}
