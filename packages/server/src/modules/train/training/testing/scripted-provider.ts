import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Asked = { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: Buffer };
type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };
/**
 * A single scripted response to a matching request: a response, an interrupted connection, or a processed request with
 * an interrupted connection.
 */
type Trouble = {
  readonly method: string;
  readonly path: RegExp;
  readonly meets: Answer | "cut" | "cut after the work";
};
type Event = { readonly level?: string; readonly message: string; readonly data?: object };
/** One event of a job between two polls. */
type Scene = { readonly status: string; readonly events?: readonly Event[]; readonly more?: object };

type ScriptedJob = {
  readonly id: string;
  readonly asked: Record<string, unknown>;
  readonly events: object[];
  readonly checkpoints: object[];
  scenes: Scene[];
  shown: Record<string, unknown>;
};

const KEY = "sk-provider-secret";
const START = 1_790_000_000;

const metric = (step: number, loss: number): Event => ({
  message: `Step ${step}/4: training loss=${loss}`,
  data: { step, total_steps: 4, train_loss: loss, train_mean_token_accuracy: 0.5 },
});
/** A job that goes well, and gives a model. */
export const GOES_WELL: readonly Scene[] = [
  { status: "validating_files", events: [{ message: "Validating training file" }] },
  { status: "queued" },
  { status: "running", events: [{ message: "Fine-tuning job started" }, metric(1, 3), metric(2, 2)] },
  { status: "running", events: [metric(3, 1.5), { level: "warn", message: "The rows are short." }] },
  {
    status: "succeeded",
    events: [{ message: "Step 4/4: valid", data: { step: 4, total_steps: 4, train_loss: 1, full_valid_loss: 1.2 } }],
    more: { fine_tuned_model: "ft:small:acme::abc", trained_tokens: 4_000 },
  },
];

/** A server with OpenAI's files and fine-tuning jobs, which trains nothing. `scenes` is what the next jobs play. */
export async function startProvider() {
  const asked: string[] = [];
  const files = new Map<string, { name: string; content: string }>();
  const jobs: ScriptedJob[] = [];
  const troubles: Trouble[] = [];
  const play: { scenes: readonly Scene[]; hasMetadata: boolean } = { scenes: GOES_WELL, hasMetadata: true };
  const world = { files, jobs, play };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? "/", "http://provider");
    const path = url.pathname.replace(/^\/v1/, "");
    const what = { method: request.method ?? "GET", path, query: url.searchParams, body: Buffer.concat(chunks) };
    asked.push(`${what.method} ${path}`);
    const place = troubles.findIndex((one) => one.method === what.method && one.path.test(path));
    const [trouble] = place < 0 ? [] : troubles.splice(place, 1);
    if (trouble && typeof trouble.meets === "object") return send(response, trouble.meets);
    if (trouble?.meets === "cut") return void request.socket.destroy();
    const answer = await answerTo(world, what, request);
    if (trouble?.meets === "cut after the work") return void request.socket.destroy();
    send(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    files,
    jobs,
    play,
    key: KEY,
    url: `http://127.0.0.1:${port}/v1`,
    /** The number of requests. */
    count: (what: string) => asked.filter((one) => one === what).length,
    /** For example `POST` and the path of the request. Each is used once. */
    meet: (method: string, path: RegExp, meets: Trouble["meets"]) => void troubles.push({ method, path, meets }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ScriptedProvider = Awaited<ReturnType<typeof startProvider>>;

export const failure = (status: number, error: object, headers: Record<string, string> = {}): Answer => ({
  status,
  body: { error },
  headers,
});

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

type World = {
  readonly files: Map<string, { name: string; content: string }>;
  readonly jobs: ScriptedJob[];
  readonly play: { readonly scenes: readonly Scene[]; readonly hasMetadata: boolean };
};

async function answerTo(world: World, what: Asked, request: IncomingMessage): Promise<Answer> {
  if (request.headers.authorization !== `Bearer ${KEY}`)
    return failure(401, { message: `Incorrect API key provided: ${KEY}`, code: "invalid_api_key" });
  const [, first, second, id, verb] = what.path.split("/");
  if (first === "files") return answerFiles(world, what, request.headers["content-type"] ?? "");
  if (first !== "fine_tuning" || second !== "jobs") return failure(404, { message: "Unknown address" });
  if (id === undefined) return what.method === "POST" ? createJob(world, what) : listJobs(world, what);
  const job = world.jobs.find((one) => one.id === id);
  if (!job) return failure(404, { message: `No such job: ${id}` });
  if (verb === "events") return listed(job.events.toReversed(), what.query);
  if (verb === "checkpoints") return listed(job.checkpoints.toReversed(), what.query);
  if (verb !== undefined) return control(job, verb);
  advance(job);
  return { status: 200, body: job.shown };
}

async function answerFiles({ files }: World, { method, path, body }: Asked, type: string): Promise<Answer> {
  const id = path.split("/")[2];
  if (method === "GET") {
    const file = files.get(id ?? "");
    return file
      ? { status: 200, body: { id, object: "file", status: "processed" } }
      : failure(404, { message: "No file" });
  }
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const file = form.get("file");
  if (!(file instanceof File) || form.get("purpose") !== "fine-tune") return failure(400, { message: "Bad form" });
  const made = `file-there-${files.size + 1}`;
  files.set(made, { name: file.name, content: await file.text() });
  return { status: 200, body: { id: made, object: "file", status: "uploaded" } };
}

function createJob({ files, jobs, play }: World, { body }: Asked): Answer {
  const asked = JSON.parse(body.toString()) as Record<string, unknown>;
  if (!files.has(String(asked.training_file))) return failure(400, { message: "No such file", param: "training_file" });
  const id = `ftjob-there-${jobs.length + 1}`;
  const metadata = play.hasMetadata ? asked.metadata : undefined;
  const shown = {
    id,
    object: "fine_tuning.job",
    status: "validating_files",
    training_file: asked.training_file,
    metadata,
  };
  jobs.push({ id, asked, events: [], checkpoints: [], scenes: [...play.scenes], shown });
  return { status: 200, body: shown };
}

/** Newest first, filtered by metadata if requested and stored. */
function listJobs({ jobs, play }: World, { query }: Asked): Answer {
  const wanted = [...query].flatMap(([key, value]) => {
    const name = /^metadata\[(.+)\]$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  const fitting = jobs.filter(({ asked }) => {
    const metadata = asked.metadata as Record<string, string>;
    return !play.hasMetadata || wanted.every(([key, value]) => metadata[key] === value);
  });
  return listed(fitting.map(({ shown }) => shown).toReversed(), query);
}

/** Two per page, so that a reader must read several pages. */
function listed(all: readonly object[], query: URLSearchParams): Answer {
  const after = query.get("after");
  const from = after === null ? 0 : all.findIndex((one) => "id" in one && one.id === after) + 1;
  return { status: 200, body: { object: "list", data: all.slice(from, from + 2), has_more: all.length > from + 2 } };
}

/** Plays the next scene; the last one stays. */
function advance(job: ScriptedJob): void {
  const scene = job.scenes.shift();
  if (!scene) return;
  for (const event of scene.events ?? []) {
    const id = `ftevent-${job.events.length + 1}`;
    job.events.push({ id, created_at: START + job.events.length, level: "info", ...event });
    const step = event.data && "step" in event.data ? Number(event.data.step) : 0;
    if (step > 0 && step % 2 === 0) job.checkpoints.push(checkpointOf(job.id, step));
  }
  job.shown = { ...job.shown, status: scene.status, ...scene.more };
}

const checkpointOf = (jobId: string, step: number) => ({
  id: `ftckpt-${step}`,
  step_number: step,
  fine_tuning_job_id: jobId,
  fine_tuned_model_checkpoint: `ft:small:acme::abc:ckpt-step-${step}`,
  metrics: { full_valid_loss: 4 / step },
});

const BECOMES: Readonly<Record<string, string>> = { cancel: "cancelled", pause: "paused", resume: "running" };

function control(job: ScriptedJob, verb: string): Answer {
  const becomes = BECOMES[verb];
  if (becomes === undefined) return failure(404, { message: "Unknown address" });
  if (becomes === "running") job.scenes = GOES_WELL.slice(-1).map((scene) => ({ ...scene }));
  else job.scenes = [];
  job.shown = { ...job.shown, status: becomes };
  return { status: 200, body: job.shown };
}
