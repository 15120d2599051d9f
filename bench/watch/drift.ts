// Measures one run of a drift watch over 500 texts per side: the facts of the texts, their vectors by the built-in model, and the
// comparison with the reference and the last week, as the server does it in a separate thread and process.
// Goals: under 10 s for a run, and a p99 of the event loop under 20 ms. As in the server, the vectors of the reference and of the last
// week are stored before, so that a run embeds the texts of its day. `firstRunSeconds` also embeds both: it is the first run of a watch.
// `ratio` compares a run with embedding the texts alone.
// Usage: node bench/watch/drift.ts [--texts 500] [--rounds 3]
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createRandom } from "../../packages/metrics/src/index.ts";
import type { DriftOrders } from "../../packages/server/src/modules/observe/drift/index.ts";
import { embedItems } from "../../packages/server/src/modules/observe/drift/run/embed-items.ts";
import { topicText } from "../../packages/server/src/modules/observe/drift/testing/topic-texts.ts";
import type { StoredCall } from "../../packages/server/src/modules/observe/drift/texts/read-calls.ts";
import { embedInHalves } from "../../packages/server/src/platform/inference/embed-in-halves.ts";
import { createInference } from "../../packages/server/src/platform/inference/open.ts";
import { createThread } from "../../packages/server/src/platform/threads/port.ts";

const GOALS = { seconds: 10, p99Ms: 20 };
const EMBEDDING = "use-lite-en";
const { values } = parseArgs({
  options: { texts: { type: "string", default: "500" }, rounds: { type: "string", default: "3" } },
});
const texts = Number(values.texts);
const rounds = Number(values.rounds);
const random = createRandom(3);
const signal = new AbortController().signal;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, log: silent });
const script = new URL("../../packages/server/src/areas/drift-worker.ts", import.meta.url);
const thread = createThread<DriftOrders>({ script, name: "drift" });
const embed = embedInHalves(
  async (batch) => (await inference.embed({ modelId: EMBEDDING, texts: batch, caller: "bench" }, signal)).vectors,
);

const makeCall = (place: number): StoredCall => {
  const text = topicText(random.next() < 0.8 ? "cards" : "travel", random);
  const id = place.toString(16).padStart(32, "0");
  return {
    traceId: id,
    spanId: id.slice(16),
    input: JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }]),
    output: "",
    parameters: "{}",
    userId: `user-${random.below(60)}`,
    sessionId: "",
    release: "1.0",
    prompt: "",
    model: "gpt-4.1",
    tenant: "",
    guardPolicy: "",
    guardAction: "",
    toolCalls: 0,
    toolErrors: 0,
    retrievalScore: null,
  };
};
const read = () =>
  thread.ask("readCalls", { side: "inputs", calls: Array.from({ length: texts }, (_, place) => makeCall(place)) });

const seconds = (from: number) => (performance.now() - from) / 1_000;
const firstStart = performance.now();
const reference = await embedItems({ embed }, await read(), { signal });
const model = await thread.ask("learn", reference);
const week = await embedItems({ embed }, await read(), { signal });
const learnSeconds = seconds(firstStart);
const loop = monitorEventLoopDelay({ resolution: 5 });
const runs: { total: number; embedding: number; comparison: number }[] = [];
for (let round = 0; round < rounds; round++) {
  loop.enable();
  const start = performance.now();
  const day = await read();
  const embedStart = performance.now();
  const current = await embedItems({ embed }, day, { signal });
  const embedding = seconds(embedStart);
  const compareStart = performance.now();
  await thread.ask("compare", { reference, current, week, model });
  runs.push({ total: seconds(start), embedding, comparison: seconds(compareStart) });
  loop.disable();
}
const middle = (pick: (run: (typeof runs)[number]) => number) =>
  runs.map(pick).sort((one, other) => one - other)[runs.length >> 1] ?? 0;
const [total, embedding, comparison] = [
  middle((one) => one.total),
  middle((one) => one.embedding),
  middle((one) => one.comparison),
];
const p99Ms = loop.percentile(99) / 1e6;
console.log(
  JSON.stringify({
    texts,
    seconds: Number(total.toFixed(2)),
    embeddingSeconds: Number(embedding.toFixed(2)),
    embeddedPerSecond: Math.round(texts / embedding),
    comparisonSeconds: Number(comparison.toFixed(2)),
    firstRunSeconds: Number((learnSeconds + total).toFixed(2)),
    ratio: Number((total / embedding).toFixed(2)),
    eventLoopP99Ms: Number(p99Ms.toFixed(1)),
    isFastEnough: total < GOALS.seconds,
    isResponsive: p99Ms < GOALS.p99Ms,
  }),
);
await thread.close();
await inference.close();
