// Measures the time of a script of guards in its sandbox: in a new process, and in one that is warm, by the length of the text.
// Usage: node bench/guards/script.ts [--rounds 200]
import { parseArgs } from "node:util";
import { createScript } from "../../packages/server/src/modules/build/guards/late/script.ts";
import { openSandbox } from "../../packages/server/src/platform/sandbox/open.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "200" } } });
const ROUNDS = Number(values.rounds);
const COLD_ROUNDS = 10;
const SIZES = [100, 4_096, 100_000];
const code = "function guard({ text }) { return /refund|chargeback/i.test(text); }";
const options = { code, memoryMb: 64 };
const asking = { threshold: 0.5, trust: "user" as const, signal: new AbortController().signal };

const quantile = (times: readonly number[], share: number) =>
  times.toSorted((one, other) => one - other)[Math.floor((times.length - 1) * share)] ?? 0;
const row = (name: string, times: readonly number[]) =>
  console.log(`| ${name} | ${quantile(times, 0.5).toFixed(1)} | ${quantile(times, 0.95).toFixed(1)} |`);
/** Each text is new, so that no answer is remembered. */
const textOf = (size: number, round: number) =>
  `${round} ${"The customer asks about the order. ".repeat(3_000)}`.slice(0, size);

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

console.log("| Script | p50, ms | p95, ms |\n| --- | --- | --- |");
const cold: number[] = [];
for (let round = 0; round < COLD_ROUNDS; round++) {
  const sandbox = openSandbox();
  const script = createScript({ runCode: sandbox.run });
  cold.push(await time(() => script.find(textOf(100, round), options, asking)));
  await sandbox.close();
}
row("first call, new process", cold);
const sandbox = openSandbox();
const script = createScript({ runCode: sandbox.run });
for (const size of SIZES) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    times.push(await time(() => script.find(textOf(size, round), options, asking)));
  row(`warm process, ${size} characters`, times);
}
await sandbox.close();
