import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { createClient } from "../../packages/sdk/src/index.ts";
import { startTreadle } from "../setup/start-treadle.ts";

const SOURCES = join(import.meta.dirname, "../../packages/trainer/src");

const Said = z.object({ content: z.string().nullish() }).optional();
const Completion = z.object({ choices: z.array(z.object({ message: Said, delta: Said })) });

type Formats = { readonly python: string; readonly env?: Readonly<Record<string, string>> };

/** Starts a server with a tiny random model, `tiny`, and with the Python that converts it to other formats. */
export async function openFormats({ python, env: more = {} }: Formats) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-formats-"));
  const env = { PATH: process.env.PATH, PYTHONPATH: SOURCES, OMP_NUM_THREADS: "1" };
  const command = ["-m", "treadle_trainer", "make-tiny", "--out", join(folder, "tiny")];
  await promisify(execFile)(python, command, { env, maxBuffer: 2 ** 24 });
  const treadle = await startTreadle({
    dataFolder: join(folder, "data"),
    env: { TREADLE_TRAINER_PYTHON: python, TREADLE_SAMPLE_DATA: "false", ...more },
  });
  const client = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const params = { name: "tiny", version: "1" };

  async function ended(jobId: string) {
    for (let tries = 0; tries < 2_000; tries++) {
      const job = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
      if (job.status === "done") return;
      if (job.status === "failed" || job.status === "cancelled") throw new Error(job.error?.message ?? job.status);
      await delay(100);
    }
    throw new Error("the job did not end");
  }
  const bring = async (name: string, source: string) =>
    ended((await client.call("POST /api/v1/registry/imports", { body: { name, source } })).jobId);
  await bring("tiny", join(folder, "tiny", "tiny.gguf"));

  return {
    folder,
    client,
    params,
    bring,
    /** The text of an answer, joined from its chunks if it is streamed. */
    async answer(body: { model: string; stream?: boolean; [name: string]: unknown }): Promise<string> {
      const response = await fetch(`${treadle.url}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(text);
      const events = body.stream ? text.split("\n").filter((line) => line.startsWith("data: {")) : [`data: ${text}`];
      const chunks = events.map((event) => Completion.parse(JSON.parse(event.slice("data: ".length))));
      return chunks
        .flatMap(({ choices }) => choices.map(({ message, delta }) => (message ?? delta)?.content ?? ""))
        .join("");
    },
    async convert(body: { format: "gguf" | "safetensors" | "onnx"; quantization?: string }) {
      const path = "/api/v1/registry/models/:name/versions/:version/conversions";
      const { jobId } = await client.call(`POST ${path}`, { params, body });
      await ended(jobId);
      const { items } = await client.call(`GET ${path}`, { params });
      const [made] = items;
      if (!made) throw new Error("nothing was made");
      return { ...made, named: Object.fromEntries(made.checks.map((check) => [check.name, check])) };
    },
    async close() {
      await treadle.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
