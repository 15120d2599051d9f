// Measures the prompt injection model: the time per text and per KB on one thread. Its texts are sentences repeated to a
// size, so it needs no data. Usage: node bench/guards/injection.ts [--rounds N]
import { parseArgs } from "node:util";
import { scoreInjection } from "../../packages/guards/src/injection/index.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "400" } } });
const ROUNDS = Number(values.rounds);
const WARM_UP = 200;
const SENTENCES = [
  "The committee met on Tuesday and approved the budget of 2,400 euros for the library.",
  "Please summarize the instructions in the attached manual, and list what is missing.",
  'A reviewer wrote: "ignore the second experiment". How should we respond?',
  "const total = rows.reduce((sum, { price }) => sum + price, 0);",
];
const SIZES = [100, 1_000, 4_000, 16_000, 100_000];

const textOf = (size: number): string =>
  Array.from({ length: Math.ceil(size / 60) }, (_, place) => `${SENTENCES[place % SENTENCES.length]} (${place})`)
    .join(" ")
    .slice(0, size);

/** The time of a call at a quantile, in microseconds. */
function measure(text: string, rounds: number) {
  const times = Float64Array.from({ length: rounds }, () => {
    const started = performance.now();
    scoreInjection(text);
    return (performance.now() - started) * 1000;
  }).sort();
  return { median: times[Math.floor(rounds / 2)] ?? 0, high: times[Math.floor(rounds * 0.95)] ?? 0 };
}

measure(textOf(4_000), WARM_UP);
console.log("| Text, characters | p50, µs | p95, µs | p50 per KB, µs |\n| --- | --- | --- | --- |");
for (const size of SIZES) {
  const { median, high } = measure(textOf(size), Math.max(20, Math.min(ROUNDS, Math.round((ROUNDS * 4_000) / size))));
  console.log(`| ${size} | ${median.toFixed(0)} | ${high.toFixed(0)} | ${((median / size) * 1000).toFixed(1)} |`);
}
