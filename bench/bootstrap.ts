// Compares the paired bootstrap of a mean, 10,000 resamples of 5,000 items, with numpy in one process. The two
// alternate, and the ratio uses their medians.
// Usage: node bench/bootstrap.ts [--items 5000] [--resamples 10000] [--runs 5] [--python PYTHON]; without numpy it
// prints only its own time.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { bootstrapMean, compareRuns, createRandom } from "../packages/metrics/src/index.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "5000" },
    resamples: { type: "string", default: "10000" },
    runs: { type: "string", default: "5" },
    python: { type: "string", default: "python3" },
  },
});
const items = Number(values.items);
const resamples = Number(values.resamples);
const GOAL_SECONDS = 1;

/** In blocks of 500 resamples, which is faster in numpy than one by one or all at once. */
const NUMPY = `
import sys, time
import numpy as np
items, resamples = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(1)
differences = rng.normal(size=items)
started = time.perf_counter()
means = [differences[rng.integers(0, items, (min(500, resamples - at), items), dtype=np.int32)].mean(axis=1) for at in range(0, resamples, 500)]
np.percentile(np.concatenate(means), [2.5, 97.5])
print(time.perf_counter() - started)
`;

function secondsOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1_000;
}

function numpySeconds(): number | null {
  const numpy = spawnSync(values.python, ["-c", NUMPY, String(items), String(resamples)], { encoding: "utf8" });
  return numpy.status === 0 ? Number(numpy.stdout) : null;
}

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
const formatSeconds = (seconds: number) => `${seconds.toFixed(3)} s`;

const random = createRandom(1);
const base = Array.from({ length: items }, random.normal);
const head = base.map((score) => score + 0.05 + random.normal());
const differences = head.map((score, item) => score - (base[item] ?? 0));
bootstrapMean(differences, { resamples: 200 });

const own: number[] = [];
const whole: number[] = [];
const numpy: number[] = [];
for (let run = 0; run < Number(values.runs); run += 1) {
  own.push(secondsOf(() => bootstrapMean(differences, { resamples })));
  whole.push(secondsOf(() => compareRuns({ kind: "number", base, head, resamples, margin: 0.1 })));
  const seconds = numpySeconds();
  if (seconds !== null) numpy.push(seconds);
}

console.log(
  `paired bootstrap, ${resamples} resamples of ${items} items: ${formatSeconds(median(own))} (goal: under ${GOAL_SECONDS} s)`,
);
console.log(`compareRuns, with its sign-flip test and verdict:          ${formatSeconds(median(whole))}`);
if (numpy.length === 0) console.log(`numpy: not found by ${values.python}; give one that has it with --python.`);
else
  console.log(
    `numpy doing the same: ${formatSeconds(median(numpy))}; ratio ${(median(own) / median(numpy)).toFixed(2)} (below 1 is faster than numpy)`,
  );
process.exitCode = median(own) < GOAL_SECONDS ? 0 : 1;
