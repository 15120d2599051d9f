// Implements the trainer's protocol without training. The word after `fake:` in the job's chat template sets its
// behavior.
import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const [command, file = "job.json"] = process.argv.slice(2);
const STEP_MS = 30;

const readRows = (path) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const sha = (text) => createHash("sha256").update(text).digest("hex");

if (command === "doctor") console.log(JSON.stringify({ versions: { torch: "0" }, missing: [] }));
else if (command === "import-base") {
  const out = process.argv[process.argv.indexOf("--out") + 1];
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "config.json"), "{}");
  console.log("{}");
} else if (command === "reward") await reward(process.argv);
else if (command === "convert-gguf") convert(process.argv);
else if (command === "estimate" || command === "preview") answer(JSON.parse(readFileSync(file, "utf8")));
else await run(JSON.parse(readFileSync(file, "utf8")), dirname(resolve(file)));

/** Longer answers get higher scores. The number of tokens is the process id, and batches are recorded. */
async function reward(words) {
  const after = (name) => words[words.indexOf(name) + 1];
  const wrong = { code: "not_a_reward_model", message: "It has no head.", what_to_do: "Train one." };
  if (!existsSync(after("--model"))) {
    console.error(JSON.stringify({ error: wrong }));
    process.exit(1);
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const { items } = JSON.parse(line);
    if (items.some(({ answer: text }) => text === "crash")) {
      console.error("Killed");
      process.exit(137);
    }
    if (items.some(({ answer: text }) => text === "slow")) await delay(500);
    const base = words.includes("--base") ? after("--base") : null;
    appendFileSync("batches.jsonl", `${JSON.stringify({ size: items.length, base, secret: process.env.SECRET })}\n`);
    const scores = items.map(({ answer: text }) =>
      text === "long" ? { error: "It is too long." } : { reward: text.length, tokens: process.pid },
    );
    console.log(JSON.stringify({ items: scores }));
  }
}

/** The file that it is given, under another name. */
function convert(words) {
  const after = (name) => words[words.indexOf(name) + 1];
  console.log(JSON.stringify({ progress: { done: 1, total: 2, message: "blk.0.attn_q.weight" } }));
  for (const name of ["--out", "--reference"])
    if (words.includes(name)) copyFileSync(after("--base-gguf"), after(name));
  const types = { F32: 5, [after("--type")]: 15 };
  console.log(
    JSON.stringify({ sha256: sha(readFileSync(after("--out"))), tensors: 20, types, relative_error: 0.0041 }),
  );
}

function answer(job) {
  if (behaviourOf(job).has("refuse")) {
    console.error(JSON.stringify({ error: { code: "bad_rows", message: "Row 1 is wrong.", what_to_do: "Mend it." } }));
    process.exit(1);
  }
  const rows = readRows(job.data.train);
  if (command === "estimate") console.log(JSON.stringify({ progress: { done: 3, total: 8, message: "Timing" } }));
  if (command === "estimate" && behaviourOf(job).has("waits")) return setInterval(() => undefined, 1_000);
  if (command === "estimate")
    return console.log(JSON.stringify({ parameters: 10, memory_mb: { weights: 1 }, steps: 2, tokens: 9, seconds: 3 }));
  const tokens = [
    { id: 1, text: "a", masked: true },
    { id: 2, text: "b", masked: false },
  ];
  const sample = (row) => ({ text: JSON.stringify(row), tokens, length: 2, truncated: false, trainable: 1 });
  console.log(JSON.stringify({ samples: rows.slice(0, Number(process.argv.at(-1))).map(sample), counts: {} }));
}

function behaviourOf(job) {
  return new Set((/fake:([\w,-]+)/.exec(templateOf(job))?.[1] ?? "").split(","));
}

function templateOf({ chat_template: named }) {
  return existsSync(named) ? readFileSync(named, "utf8") : named;
}

function createEmitter(folder, job) {
  const path = join(folder, "events.jsonl");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  const lines = text
    .slice(0, end)
    .split("\n")
    .filter((line) => line.startsWith("{"));
  let seq = lines.length === 0 ? 0 : JSON.parse(lines.at(-1)).seq;
  return (type, fields = {}) =>
    appendFileSync(
      path,
      `${JSON.stringify({ v: 1, job: job.job, seq: ++seq, t: Date.now() / 1000, type, ...fields })}\n`,
    );
}

async function run(job, folder) {
  const behaviour = behaviourOf(job);
  const emit = createEmitter(folder, job);
  appendFileSync(join(folder, "begun.txt"), `${process.pid}\n`);
  console.log("The fake trainer begins");
  const asked = { reason: null };
  process.on("SIGTERM", () => {
    if (!behaviour.has("deaf")) asked.reason = "signal";
  });
  const beat = setInterval(() => emit("heartbeat", { rss_mb: 100 }), 500);
  if (behaviour.has("silent")) clearInterval(beat);
  emit("status", { status: "starting" });
  failAtOnce(behaviour, emit);
  const step = await train({ job, folder, behaviour, emit, asked });
  clearInterval(beat);
  if (behaviour.has("nan")) return emit("done", { step, reason: "non_finite_loss" });
  if (behaviour.has("mute")) return;
  if (asked.reason !== null) save({ folder, emit, step });
  if (asked.reason === "signal") {
    emit("done", { step, reason: "signal" });
    process.exit(3);
  }
  giveResult({ folder, behaviour, emit });
  const reason = asked.reason ?? "completed";
  const model = { model_step: step, model_from: asked.result ?? job.save.result, model_eval_loss: 0.75 };
  emit("done", { step, reason, best_step: step, best_eval_loss: 0.5, trained_tokens: step * 10, ...model });
}

function failAtOnce(behaviour, emit) {
  if (behaviour.has("bad-data")) {
    emit("error", { code: "bad_rows", message: "Row 3 is not of the format.", what_to_do: "Mend it." });
    process.exit(1);
  }
  if (behaviour.has("crash")) {
    console.error("RuntimeError: it broke");
    process.exit(2);
  }
}

async function train({ job, folder, behaviour, emit, asked }) {
  const rows = readRows(job.data.train);
  let step = job.resume_from === null ? 0 : Number(/checkpoint-(\d+)$/.exec(job.resume_from)[1]);
  const total = job.max_steps ?? rows.length;
  if (behaviour.has("drops")) tellRows({ emit, rows });
  emit("status", { status: "running", step, total_steps: total });
  if (behaviour.has("evaluates")) await evaluateBase({ folder, emit });
  while (step < total && asked.reason === null) {
    // A long run in a short time: it rests now and then only.
    if (!behaviour.has("fast") || step % 500 === 0) await delay(behaviour.has("slow") ? 150 : STEP_MS);
    while (behaviour.has("silent") && step >= 2) await delay(1_000);
    // On any machine, it receives the stop before it has finished.
    while (behaviour.has("waits") && job.resume_from === null && step >= 8 && asked.reason === null) await delay(20);
    if (asked.reason !== null) break;
    step++;
    emit("metrics", { ...metricsOf(step, total), ...fewerThreads(job, folder) });
    if (behaviour.has("garbage") && step === 2) appendFileSync(join(folder, "events.jsonl"), "no json\n\u0000\n{}\n");
    if (step % job.eval.every === 0) emit("eval", { step, eval_loss: 2 / step });
    if (step % job.save.every === 0) save({ folder, emit, step });
    const { cmd, result } = readControl(folder);
    if (cmd === "save") save({ folder, emit, step });
    if (cmd === "stop") Object.assign(asked, { reason: "user", result });
  }
  return step;
}

/** Leaves out every fourth row, as if it were too long. */
function tellRows({ emit, rows }) {
  const named = rows.map(({ _row }) => ({ ..._row, reason: "too_long" }));
  const leftOut = named.filter((_, place) => place % 4 === 0);
  const event = { split: "train", rows: rows.length, kept: rows.length - leftOut.length, parts: 2 };
  emit("rows", { ...event, part: 1, left_out: leftOut.slice(0, 2) });
  emit("rows", { ...event, part: 2, left_out: leftOut.slice(2) });
}

/** Pauses in the middle of the evaluation until a test continues it. */
async function evaluateBase({ folder, emit }) {
  emit("status", { status: "evaluating", step: 0 });
  emit("status", { status: "evaluating", step: 0, done: 3, total: 12 });
  while (!existsSync(join(folder, "go-on"))) await delay(20);
  emit("eval", { step: 0, eval_loss: 4 });
}

function metricsOf(step, total) {
  const words = {
    step,
    total_steps: total,
    epoch: step / total,
    loss: 3 / step,
    lr: 0.1,
    grad_norm: 1,
    num_tokens: step * 10,
  };
  return { ...words, tokens_per_s: 5, elapsed_s: step, eta_s: (total - step) * (STEP_MS / 1000), rss_mb: 100 };
}

function fewerThreads(job, folder) {
  const file = join(folder, "threads.json");
  const threads = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).threads : job.threads;
  return threads < job.threads ? { threads } : {};
}

function readControl(folder) {
  const control = join(folder, "control.json");
  if (!existsSync(control)) return {};
  const command = JSON.parse(readFileSync(control, "utf8"));
  rmSync(control);
  return command;
}

function save({ folder, emit, step }) {
  const path = join(folder, "checkpoints", `checkpoint-${step}`);
  mkdirSync(`${path}.part`, { recursive: true });
  writeFileSync(join(`${path}.part`, "adapter.safetensors"), `step ${step}`);
  rmSync(path, { recursive: true, force: true });
  renameSync(`${path}.part`, path);
  const files = { "adapter.safetensors": sha(`step ${step}`) };
  emit("checkpoint", { step, path, files, eval_loss: 2 / step, is_best: true });
}

/** An adapter whose weights are zeros, as the real format has it. */
function adapterBytes() {
  const name = "base_model.model.model.layers.0.self_attn.q_proj";
  const header = JSON.stringify({
    [`${name}.lora_A.weight`]: { dtype: "F32", shape: [1, 4], data_offsets: [0, 16] },
    [`${name}.lora_B.weight`]: { dtype: "F32", shape: [4, 1], data_offsets: [16, 32] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(32)]);
}

function giveResult({ folder, behaviour, emit }) {
  emit("status", { status: "exporting" });
  const path = join(folder, "final");
  mkdirSync(path, { recursive: true });
  const contents = { "adapter_config.json": '{"r": 1, "lora_alpha": 1}', "adapter_model.safetensors": adapterBytes() };
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(path, name), content);
  const files = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, sha(content)]));
  emit("artifact", { kind: "adapter", path, files });
  if (behaviour.has("outside")) emit("artifact", { kind: "model", path: "/etc", files: { passwd: "x" } });
}
