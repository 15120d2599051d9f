// Fifty people work in one queue of 100,000 items on the embedded database. Measures the wait for the next item, and
// the wait until an answer is stored. Each person looks at an item for one to two seconds, which is a realistic
// maximum, and requests the next one when the answer is stored. This makes 33 answers and as many next items per
// second. A second part has no pauses and shows the maximum throughput; its waits are queueing. The progress report of
// the queue is read at the same time.
// Usage: node bench/annotation.ts [--items 100000] [--people 50] [--seconds 30] [--think-ms 1500]
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "@treadle/sdk";
import { percentile } from "./gateway/gateway-load.ts";
import { createProcesses } from "./gateway/gateway-processes.ts";
import { clientOf, startServer } from "./gateway/gateway-treadle.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "100000" },
    people: { type: "string", default: "50" },
    seconds: { type: "string", default: "30" },
    "think-ms": { type: "string", default: "1500" },
  },
});
const ITEMS = Number(values.items);
const PEOPLE = Number(values.people);
const SECONDS = Number(values.seconds);
const THINK_MS = Number(values["think-ms"]);
const GOAL_MS = 50;
const BATCH = 1_000;

const processes = await createProcesses();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void processes.close().then(() => process.exit(130)));
let hasMissed = false;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const timesOf = (times: readonly number[]) => {
  const sorted = Float64Array.from(times).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
};

function report(what: string, times: readonly number[], goal?: number) {
  const { p50, p99 } = timesOf(times);
  if (goal !== undefined && p99 > goal) hasMissed = true;
  const verdict = goal === undefined ? "" : `  goal ≤ ${goal}  ${p99 <= goal ? "met" : "MISSED"}`;
  console.log(`${what.padEnd(40)} n ${times.length}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms${verdict}`);
}

type Call = ReturnType<typeof clientOf>["call"];
type Times = { readonly next: number[]; readonly answer: number[]; readonly both: number[] };

async function timed<Answer>(times: number[], work: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await work();
  times.push(performance.now() - startedAt);
  return answer;
}

/**
 * How a person works: until when, how long a pause takes, and whether the next item is requested along with the answer.
 */
type Way = { readonly until: number; readonly thinkMs: number; readonly isAlong: boolean };

/** One person until the time is over: an item, a thought, an answer. */
async function work(call: Call, queueId: string, { times, ...way }: Way & { times: Times }) {
  const { until, thinkMs, isAlong } = way;
  await pause(Math.random() * thinkMs);
  const ask = async () => {
    const body = {};
    const next = () => call("POST /api/v1/annotation-queues/:queueId/next", { params: { queueId }, body });
    return (await timed(times.next, next)).items[0];
  };
  let item = await ask();
  while (item && performance.now() < until) {
    await pause(thinkMs * (2 / 3 + (2 / 3) * Math.random()));
    const { leaseId } = item;
    const submission = {
      clientId: randomUUID(),
      status: "submitted" as const,
      answers: { good: true },
      msActive: thinkMs,
    };
    const body = { ...submission, ...(isAlong && { next: {} }) };
    const { next } = await timed(isAlong ? times.both : times.answer, () =>
      call("POST /api/v1/annotation-leases/:leaseId/answers", { params: { leaseId }, body }),
    );
    item = next?.items[0] ?? (await ask());
  }
}

async function everybody(
  calls: readonly Call[],
  queueId: string,
  { thinkMs, isAlong = false }: { thinkMs: number; isAlong?: boolean },
): Promise<Times & { seconds: number }> {
  const times: Times = { next: [], answer: [], both: [] };
  const startedAt = performance.now();
  const until = startedAt + SECONDS * 1_000;
  await Promise.all(calls.map((call) => work(call, queueId, { times, until, thinkMs, isAlong })));
  return { ...times, seconds: (performance.now() - startedAt) / 1_000 };
}

try {
  const running = await startServer(processes, join(processes.folder, "data"));
  const { call } = clientOf(running);
  const { queueId } = await call("POST /api/v1/annotation-queues", {
    body: { name: "Bench", overlap: 2, questions: [{ type: "binary", key: "good", title: "Is it good?" }] },
  });
  const begun = performance.now();
  for (let from = 0; from < ITEMS; from += BATCH) {
    const items = Array.from({ length: Math.min(BATCH, ITEMS - from) }, (_, at) => ({
      key: `item-${from + at}`,
      content: { fields: [{ key: "output", value: `The order ${from + at} arrives on Tuesday. `.repeat(10) }] },
      metadata: { topic: `topic ${at % 20}` },
    }));
    await call("POST /api/v1/annotation-queues/:queueId/items", {
      params: { queueId },
      body: { from: "custom", items },
    });
  }
  console.log(`${ITEMS} items came in within ${((performance.now() - begun) / 1_000).toFixed(1)} s`);

  const calls: Call[] = [];
  for (let at = 0; at < PEOPLE; at++) {
    const { key } = await call("POST /api/v1/api-keys", {
      body: { name: `person ${at}`, permissions: ["annotation:read", "annotation:write"] },
    });
    calls.push(createClient({ baseUrl: `http://127.0.0.1:${running.port}`, apiKey: key }).call);
  }
  await everybody(calls, queueId, { thinkMs: THINK_MS });

  const rateOf = ({ answer, both, seconds }: Awaited<ReturnType<typeof everybody>>) =>
    ((answer.length + both.length) / seconds).toFixed(0);
  const calm = await everybody(calls, queueId, { thinkMs: THINK_MS });
  console.log(`\n${PEOPLE} people who think for ${THINK_MS} ms: ${rateOf(calm)} answers a second`);
  report("next item", calm.next, GOAL_MS);
  report("answer", calm.answer, GOAL_MS);

  const along = await everybody(calls, queueId, { thinkMs: THINK_MS, isAlong: true });
  console.log(`\n${PEOPLE} who ask for the next item along with the answer: ${rateOf(along)} answers a second`);
  report("answer and next item", along.both, GOAL_MS);

  const hurried = await everybody(calls, queueId, { thinkMs: 0 });
  console.log(`\n${PEOPLE} who do not think: ${rateOf(hurried)} answers a second`);
  report("next item", hurried.next);
  report("answer", hurried.answer);

  const hurriedAlong = await everybody(calls, queueId, { thinkMs: 0, isAlong: true });
  console.log(`\n${PEOPLE} who do not think, both at once: ${rateOf(hurriedAlong)} answers a second`);
  report("answer and next item", hurriedAlong.both);

  const progress: number[] = [];
  for (let at = 0; at < 20; at++)
    await timed(progress, () => call("GET /api/v1/annotation-queues/:queueId/progress", { params: { queueId } }));
  report("\nprogress of the queue", progress);
} finally {
  await processes.close();
}
process.exitCode = hasMissed ? 1 : 0;
