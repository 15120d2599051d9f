import { toContentRow } from "../content-rows.ts";
import { readGenAiScore } from "../dialects/read-scores.ts";
import { fromMicros } from "../micros.ts";
import { isSpanId, isTraceId, timeProblem } from "./check-span.ts";
import type { Digest, Order } from "./order.ts";
import type { ReceivedLog } from "./received.ts";
import { createRejections } from "./rejections.ts";
import { createRowLines } from "./row-lines.ts";
import { scoreRows } from "./score-row.ts";
import { createSetAside } from "./set-aside.ts";
import { toPlain, toRecord } from "./to-span.ts";

const EVALUATION = "gen_ai.evaluation.result";
const LONGEST_EVENT = 200;
const LONGEST_KEY = 500;

/**
 * Takes the log records of one request. Events of the GenAI conventions are kept as content of the span they name, and
 * evaluations as its scores; any other record is let go, and the sender is told so.
 */
export function createLogIntake({ projectId, now, bytes }: Order) {
  const contents = createRowLines("span_contents", bytes.byteLength * 2);
  const scores = createRowLines("scores", 0);
  const rejections = createRejections();
  const aside = createSetAside();
  let received = 0;
  let passed = 0;

  function keepContent({ traceId, spanId, timeMicros, event, body, attributes }: ReceivedLog): void {
    const row = toContentRow(projectId, {
      traceId,
      spanId,
      name: event.slice(0, LONGEST_EVENT),
      time: fromMicros(timeMicros),
      body: aside.bound(toPlain(body)),
      attributes: toRecord(attributes, { longest: LONGEST_KEY, aside }),
    });
    contents.add(JSON.stringify(row));
  }

  function keepScores({ traceId, spanId, timeMicros, attributes }: ReceivedLog): void {
    const judged = { traceId, spanId, startMicros: timeMicros };
    for (const score of scoreRows(judged, { projectId, given: readGenAiScore(attributes) }))
      scores.add(JSON.stringify(score));
  }

  /** Without a time of its own it is of now: a sender may leave it out. */
  function keep(log: ReceivedLog): void {
    const timed = { ...log, timeMicros: log.timeMicros || now * 1_000 };
    const problem = timeProblem(timed.timeMicros, now, "time");
    if (problem) rejections.add(problem);
    else if (log.event === EVALUATION) keepScores(timed);
    else keepContent(timed);
  }

  return {
    take(log: ReceivedLog): void {
      received += 1;
      const isKept = log.event.startsWith("gen_ai.") && isTraceId(log.traceId) && isSpanId(log.spanId);
      if (!isKept) passed += 1;
      else keep(log);
    },
    finish: (): Digest => ({
      encoded: [...contents.finish(), ...scores.finish()],
      objects: aside.objects(),
      watched: [],
      received,
      rejected: rejections.count(),
      message: [rejections.message("log record"), passedMessage(passed)].filter(Boolean).join(" "),
    }),
  };
}

const passedMessage = (count: number) =>
  count === 0
    ? ""
    : `${count} log record${count === 1 ? " was" : "s were"} taken but not kept: only GenAI events that name a span are.`;
