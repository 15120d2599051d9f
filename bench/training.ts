// Measures training on this machine: the overhead of the server per step, the effect of a run on the server, and the
// time from a click to an answer.
// Usage: node bench/training.ts [step] [server] [served] --python /path/to/python [--turns 20] [--turn-seconds 4]
// The Python must have the packages of packages/trainer/requirements.txt, for example after `treadle trainer install`.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { answer, chat } from "./gateway/gateway-chat.ts";
import { buildRequest, percentile, runLoad } from "./gateway/gateway-load.ts";
import { createProcesses, type Running } from "./gateway/gateway-processes.ts";
import { addConnection, clientOf, startServer } from "./gateway/gateway-treadle.ts";
import { pidOf, takeTurns } from "./models/training-turns.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string" },
    turns: { type: "string", default: "20" },
    "turn-seconds": { type: "string", default: "4" },
  },
});
if (values.python === undefined) throw new Error("Say which Python trains: --python /path/to/python");
const PYTHON = values.python;
const TURNS = Number(values.turns);
const TURN_SECONDS = Number(values["turn-seconds"]);
/** Requests of so long do not count. */
const FIRST_SECONDS = 4;
/** The first steps fill caches. */
const WARM_UP_STEPS = 5;
const ROWS = 64;
const PYTHON_ENVIRONMENT = {
  PYTHONPATH: fileURLToPath(new URL("../packages/trainer/src", import.meta.url)),
  HF_HUB_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
};
const wanted = new Set(positionals.length > 0 ? positionals : ["step", "server", "served"]);

const processes = await createProcesses();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void processes.close().then(() => process.exit(130)));
let hasMissed = false;

const median = (numbers: readonly number[]) => percentile(Float64Array.from(numbers).sort(), 0.5);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function report(what: string, value: number, atMost: number) {
  const isMet = value <= atMost;
  if (!isMet) hasMissed = true;
  console.log(`${what.padEnd(64)} ${value.toFixed(3).padStart(10)}  goal ≤ ${atMost}  ${isMet ? "met" : "MISSED"}`);
}

/** Has the server pull a tiny random model, and gives its id. */
async function pullTiny(running: Running): Promise<string> {
  const folder = join(processes.folder, "tiny");
  await mkdir(folder, { recursive: true });
  await promisify(execFile)(PYTHON, ["-m", "treadle_trainer", "make-tiny", "--out", folder], {
    env: { ...process.env, ...PYTHON_ENVIRONMENT },
  });
  const { call } = clientOf(running);
  const { pullId } = await call("POST /api/v1/model-pulls", { body: { source: join(folder, "tiny.gguf") } });
  for (;;) {
    const { state, modelId, error } = await call("GET /api/v1/model-pulls/:pullId", { params: { pullId } });
    if (state === "done") return modelId;
    if (state !== "running") throw new Error(`the model was not pulled: ${error}`);
    await pause(50);
  }
}

async function makeChats(running: Running): Promise<string> {
  const { call } = clientOf(running);
  const { datasetId } = await call("POST /api/v1/datasets", { body: { name: "chats" } });
  const items = Array.from({ length: ROWS }, (_, at) => ({
    inputs: { messages: [{ role: "user", content: `What is ${at} and ${at}? ${"Count slowly. ".repeat(12)}` }] },
    expected: `${at} and ${at} is ${2 * at}. ${"That is what it is. ".repeat(8)}`,
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "all" } });
  return "chats@1";
}

type Setting = { readonly base: string; readonly data: string };

/** A run without evaluations or checkpoints before its end: what is left is the step. */
async function start(running: Running, { base, data }: Setting, more: object): Promise<string> {
  const config = {
    name: "tuned",
    base_model: base,
    datasets: [{ ref: data }],
    val: { fraction: 0 },
    precision: "fp32",
    sequence_len: 256,
    micro_batch_size: 4,
    gradient_accumulation_steps: 8,
    lora: { r: 8 },
    eval: { every: 1_000_000 },
    save: { every: 1_000_000 },
    ...more,
  };
  return (await clientOf(running).call("POST /api/v1/training-runs", { body: { config } })).trainingRunId;
}

async function until(running: Running, trainingRunId: string, isSo: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const run = await clientOf(running).call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } });
    if (isSo(run)) return run;
    if (run.status === "failed" || run.status === "cancelled")
      throw new Error(`the run ${run.status}: ${run.error?.message}`);
    await pause(100);
  }
}
type Run = Awaited<ReturnType<typeof getRun>>;
const getRun = (running: Running, trainingRunId: string) =>
  clientOf(running).call("GET /api/v1/training-runs/:trainingRunId", { params: { trainingRunId } });

async function step(running: Running, dataFolder: string, setting: Setting) {
  console.log(
    `\nstep: under the server and by the bare script, ${TURNS} turns of ${TURN_SECONDS} s each, never both at once`,
  );
  const id = await start(running, setting, { max_steps: 1_000_000, name: "stepping" });
  await until(running, id, ({ progress }) => (progress.step ?? 0) >= WARM_UP_STEPS);
  const turns = { turns: TURNS, milliseconds: TURN_SECONDS * 1_000, warmUpSteps: WARM_UP_STEPS };
  const folder = join(dataFolder, "training", id);
  const { own, bare, shares } = await takeTurns({ python: PYTHON, folder, environment: PYTHON_ENVIRONMENT, ...turns })
    // A run outlives the server that began it.
    .finally(() => cancel(running, id));
  const describe = (numbers: readonly number[]) => `${median(numbers).toFixed(1)} ms`;
  console.log(`  a step   server ${describe(own)}   bare ${describe(bare)}`);
  console.log(`  turn by turn   ${shares.map((share) => share.toFixed(3)).join(" ")}`);
  report("a step under the server against the bare script", median(shares), 1.03);
}

/** Requests that rest in between, as people's do, so that the machine is not full before anything is trained. */
async function latenciesMs(running: Running, milliseconds: number): Promise<Float64Array> {
  const request = buildRequest(running.path, running.headers, chat(running.model));
  const load = { port: running.port, request, connections: 8, milliseconds, pauseMs: 50 };
  const { latenciesMs: taken, failed, requests } = await runLoad(load);
  if (failed > 0) throw new Error(`${failed} of ${requests} requests failed`);
  return taken;
}

/**
 * The run continues and pauses alternately, so that slowdowns of the machine affect both. The server has requests all
 * the time.
 */
async function server(running: Running, dataFolder: string, setting: Setting) {
  console.log(
    `\nserver: the gateway's p99, 8 callers that rest 50 ms, while a model trains and while its run is held, ${TURNS} turns of ${TURN_SECONDS} s each`,
  );
  const id = await start(running, setting, { max_steps: 1_000_000, name: "endless" });
  await until(running, id, ({ progress }) => (progress.step ?? 0) >= WARM_UP_STEPS);
  const trainer = await pidOf(join(dataFolder, "training", id));
  const signalTimes: Record<"SIGCONT" | "SIGSTOP", number[]> = { SIGCONT: [], SIGSTOP: [] };
  try {
    // Caches fill, and the run receives the request to yield.
    await latenciesMs(running, FIRST_SECONDS * 1_000);
    for (let turn = 0; turn < 2 * TURNS; turn++) {
      // Who is first changes from pair to pair.
      const signal = turn % 4 === 0 || turn % 4 === 3 ? "SIGCONT" : "SIGSTOP";
      process.kill(trainer, signal);
      signalTimes[signal].push(...(await latenciesMs(running, TURN_SECONDS * 1_000)));
    }
  } finally {
    // A run outlives the server that began it.
    process.kill(trainer, "SIGCONT");
    await cancel(running, id);
  }
  const describe = (share: number) =>
    ([signalTimes.SIGCONT, signalTimes.SIGSTOP] as const).map((ms) => percentile(Float64Array.from(ms).sort(), share));
  for (const share of [0.5, 0.9, 0.99]) {
    const [training = Number.NaN, held = Number.NaN] = describe(share);
    console.log(
      `  p${share * 100}   while training ${training.toFixed(1)} ms   while it is held ${held.toFixed(1)} ms`,
    );
  }
  const [training = Number.NaN, held = Number.NaN] = describe(0.99);
  report("p99 while training against while the run is held", training / held, 1.5);
}

async function cancel(running: Running, trainingRunId: string) {
  await clientOf(running).call("POST /api/v1/training-runs/:trainingRunId/cancel", { params: { trainingRunId } });
  while (!["cancelled", "failed", "succeeded"].includes((await getRun(running, trainingRunId)).status))
    await pause(100);
}

async function served(running: Running, setting: Setting) {
  console.log("\nserved: from the start of a run on 64 chats to the first answer of its model at the gateway");
  const startedAt = performance.now();
  const id = await start(running, setting, { name: "clicked", max_steps: 20, gradient_accumulation_steps: 1 });
  const { model } = await until(running, id, ({ status }) => status === "succeeded");
  const trained = (performance.now() - startedAt) / 1_000;
  const { port, headers } = running;
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({
      model: "clicked",
      max_tokens: 8,
      messages: [{ role: "user", content: "What is 2 and 2?" }],
    }),
  });
  const listing = (await response.json()) as { model?: string };
  if (response.status !== 200 || listing.model !== `clicked@v${model?.version}`)
    throw new Error(`the fine-tune did not answer: ${response.status} ${JSON.stringify(listing)}`);
  console.log(`  ${trained.toFixed(1)} s until the model was registered`);
  report("from the click to an answer, s", (performance.now() - startedAt) / 1_000, 90);
}

try {
  console.log(`${availableParallelism()} cores, load before the start ${loadavg()[0]?.toFixed(1)}`);
  const dataFolder = join(processes.folder, "data");
  const upstream = await processes.nginx(answer);
  const running = await startServer(processes, dataFolder, { TREADLE_TRAINER_PYTHON: PYTHON });
  const baseUrl = `http://127.0.0.1:${upstream.port}/v1`;
  await addConnection(running, { slug: "up", preset: "openai-compatible", baseUrl });
  const setting = { base: await pullTiny(running), data: await makeChats(running) };
  if (wanted.has("served")) await served(running, setting);
  if (wanted.has("step")) await step(running, dataFolder, setting);
  if (wanted.has("server")) await server(running, dataFolder, setting);
} finally {
  await processes.close();
}
if (hasMissed) process.exitCode = 1;
