// Measures finding the topics of 20,000 traces without model calls: embeddings on this machine, grouping in a separate thread.
// Goals: under 2 minutes, and a p99 of the event loop under 20 ms. Prints the time of each step, and how often a text that was placed by its
// words is in the same topic as a text of its planted theme.
// Usage: node bench/topics.ts [--traces 20000]
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createRandom } from "../packages/metrics/src/random.ts";
import { createTextEmbedding } from "../packages/server/src/modules/observe/topics/embed-texts.ts";
import { createTopicThread } from "../packages/server/src/modules/observe/topics/open.ts";
import { loadSentences } from "../packages/server/src/platform/inference/child/load-sentences.ts";

const GOALS = { seconds: 120, p99Ms: 20 };
const { values } = parseArgs({ options: { traces: { type: "string", default: "20000" } } });
const count = Number(values.traces);
const random = createRandom(7);
const pick = <Value>(list: readonly Value[]): Value => list[random.below(list.length)] as Value;

const THEMES = [
  ["Where is my", ["new card", "debit card", "replacement card"], "It was sent last week and did not arrive"],
  ["Please refund", ["the order", "my purchase", "this payment"], "The shop charged me twice for it"],
  ["I cannot log in to", ["the app", "my account", "the website"], "The password is rejected every time"],
  ["What is the exchange rate for", ["euros", "pounds", "dollars"], "I travel next month"],
  ["The app crashes when I open", ["the statement", "settings", "the camera"], "I reinstalled it already"],
  ["How do I top up with", ["a bank transfer", "cash", "another card"], "The balance is still empty"],
  ["Cancel my", ["subscription", "transfer", "booking"], "I changed my mind yesterday"],
  ["Write a short", ["poem", "story", "letter"], "It is for the birthday of my sister"],
] as const;
const EXTRAS = [
  "thanks",
  "hello there",
  "please be quick",
  "this is urgent",
  "as I said before",
  "in plain words",
  "if possible",
  "today",
];
const rows = Array.from({ length: count }, (_, index) => {
  const theme = random.below(THEMES.length);
  const [start, objects, reason] = THEMES[theme] ?? THEMES[0];
  return { theme, text: `${start} ${pick(objects)}? ${reason}, ${pick(EXTRAS)}. Reference ${index}`, at: index };
});

const model = await loadSentences();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
const signal = new AbortController().signal;
const embed = createTextEmbedding({ embed: async (texts) => (await model.embed(texts, signal)).vectors });
const { rows: embedded, vectors } = await embed(
  rows.map(({ text }) => text),
  signal,
  () => undefined,
);
const embeddedAt = performance.now();
const thread = createTopicThread();
const day = 86_400_000;
const { topics } = await thread.ask("find", {
  traceIds: rows.map(({ at }) => String(at)),
  texts: rows.map(({ text }) => text),
  facts: rows.map(({ at }) => ({
    atMs: (at / count) * 14 * day,
    isError: false,
    costUsd: 0,
    durationMs: 1,
    feedback: null,
  })),
  embedded,
  vectors,
  size: vectors[0]?.length ?? 0,
  topics: null,
  before: [],
  fromMs: 0,
  toMs: 14 * day,
});
const end = performance.now();
const tops = topics.filter(({ parent }) => parent === null);
let pure = 0;
for (const { rows: own } of tops) {
  const counts = new Map<number, number>();
  for (const row of own) counts.set(rows[row]?.theme ?? -1, (counts.get(rows[row]?.theme ?? -1) ?? 0) + 1);
  pure += Math.max(...counts.values());
}
const seconds = (end - start) / 1_000;
const p99Ms = delay.percentile(99) / 1e6;
console.log(
  `${count} traces, ${embedded.length} embedded, ${tops.length} topics with ${topics.length - tops.length} subtopics`,
);
console.log(
  `embeddings ${((embeddedAt - start) / 1_000).toFixed(1)} s, grouping ${((end - embeddedAt) / 1_000).toFixed(1)} s, total ${seconds.toFixed(1)} s (goal ${GOALS.seconds} s)`,
);
console.log(
  `p99 of the event loop ${p99Ms.toFixed(1)} ms (goal ${GOALS.p99Ms} ms), purity ${(pure / count).toFixed(3)}`,
);
console.log(tops.map(({ words, rows: own }) => `${own.length} ${words.slice(0, 4).join(", ")}`).join("\n"));
await thread.close();
await model.dispose();
process.exit(seconds <= GOALS.seconds ? 0 : 1);
