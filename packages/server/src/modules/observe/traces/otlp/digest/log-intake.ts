import { toJson } from "../../dialects/readers/attribute-reader.ts";
import { readGenAiScore } from "../../dialects/readers/read-scores.ts";
import type { AttributeValue } from "../../dialects/readers/received-span.ts";
import { toContentRow } from "../../rows/content-rows.ts";
import { fromMicros } from "../../rows/micros.ts";
import type { ReceivedLog } from "../decode/received.ts";
import { isFirst } from "../decode/shard.ts";
import { isSpanId, isTraceId, timeProblem } from "./check-span.ts";
import type { Digest, Order } from "./decode-request.ts";
import type { Memory } from "./memory.ts";
import { createRedactLog } from "./redact-log.ts";
import { EMPTY_REPORT } from "./rejection-report.ts";
import { createRejections } from "./rejections.ts";
import { createRowLines } from "./row-lines.ts";
import { scoreRows } from "./score-row.ts";
import { createSetAside } from "./set-aside.ts";
import { toPlain, toRecord } from "./to-span.ts";

const EVALUATION = "gen_ai.evaluation.result";
const LONGEST_EVENT = 200;
const LONGEST_KEY = 500;
const MESSAGES = new Set(["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"]);
const LONG = 32 * 1024;

/**
 * Accepts the log records of one request. GenAI events are stored as content of the span they name, and evaluations as
 * its scores. Other records are dropped, and the sender is informed.
 */
export function createLogIntake({ projectId, now, bytes, share, privacy }: Order, { seen }: Memory) {
  const redact = createRedactLog(privacy);
  const contents = createRowLines("span_contents", bytes.byteLength * 2);
  const scores = createRowLines("scores", 0);
  const rejections = createRejections();
  const aside = createSetAside();
  let received = 0;
  let repeated = 0;
  let passed = 0;

  /** Messages in one long text are shortened like messages, not like text, and so remain readable. */
  function readLong([name, value]: readonly [string, AttributeValue]): [string, unknown][] {
    if (!MESSAGES.has(name) || typeof value !== "string" || value.length <= LONG) return [[name, value]];
    const { shown, whole } = aside.payload(toJson(value));
    return whole === ""
      ? [[name, shown]]
      : [
          [name, shown],
          [`${name}.whole`, whole],
        ];
  }

  /** A record has no id, so that one is known again by all that it says. */
  function keepOnce(lines: ReturnType<typeof createRowLines>, line: string): void {
    if (seen.isFirst(line)) lines.add(line);
    else repeated += 1;
  }

  function keepContent({ traceId, spanId, timeMicros, event, body, attributes }: ReceivedLog): void {
    aside.begin();
    const row = toContentRow(projectId, {
      traceId,
      spanId,
      name: event.slice(0, LONGEST_EVENT),
      time: fromMicros(timeMicros),
      body: aside.bound(toPlain(body)),
      attributes: toRecord([...attributes].flatMap(readLong), { longest: LONGEST_KEY, aside }),
    });
    keepOnce(contents, JSON.stringify(row));
  }

  function keepScores({ traceId, spanId, timeMicros, attributes }: ReceivedLog): void {
    const judged = { traceId, spanId, startMicros: timeMicros };
    for (const score of scoreRows(judged, { projectId, given: readGenAiScore(attributes) }))
      keepOnce(scores, JSON.stringify(score));
  }

  /** A record without a time gets the current time. The field is optional. */
  function keep(log: ReceivedLog, index: number): void {
    const timed = { ...log, timeMicros: log.timeMicros || now * 1_000 };
    const problem = log.problem ?? timeProblem(timed.timeMicros, now, "time");
    if (problem) rejections.add(problem, index);
    else keepRedacted(timed);
  }

  function keepRedacted(log: ReceivedLog): void {
    const redacted = redact(log, log.event === EVALUATION ? "feedback" : "content");
    if (redacted === null) return;
    if (log.event === EVALUATION) keepScores(redacted);
    else keepContent(redacted);
  }

  return {
    take(log: ReceivedLog, index: number): void {
      received += 1;
      const isKept = log.event.startsWith("gen_ai.") && isTraceId(log.traceId) && isSpanId(log.spanId);
      if (!isKept) passed += 1;
      else keep(log, index);
    },
    /** `beyond` is how many there were no room for. */
    finish(beyond: number): Omit<Digest, "marks"> {
      const unread = isFirst(share) ? beyond : 0;
      rejections.addBeyond(unread);
      return {
        encoded: [...contents.finish(), ...scores.finish()],
        objects: aside.objects(),
        watched: [],
        received: received + unread,
        repeated,
        told: { ...EMPTY_REPORT, what: "log record", rejected: rejections.all(), passed },
      };
    },
  };
}
