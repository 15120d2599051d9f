import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { World } from "../world.ts";

const PYTHON = join(import.meta.dirname, ".venv/bin/python");
const SENDER_MS = 180_000;

export const hasPython = existsSync(PYTHON);

/** Runs one program of `senders/` against a running Treadle and waits until it has sent everything. */
export async function runSender({ treadle, provider }: World, [script = "", ...args]: readonly string[]) {
  const program = script.endsWith(".py") ? PYTHON : process.execPath;
  await promisify(execFile)(program, [join(import.meta.dirname, "senders", script), ...args], {
    cwd: import.meta.dirname,
    timeout: SENDER_MS,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONDONTWRITEBYTECODE: "1",
      TREADLE_URL: treadle.url,
      TREADLE_GRPC_URL: treadle.grpcUrl,
      TREADLE_KEY: treadle.apiKey,
      OPENAI_BASE_URL: provider.baseUrl,
      OPENAI_API_KEY: "sk-scripted",
    },
  });
}

type Call = World["call"];
type Trace = Awaited<ReturnType<typeof readTrace>>;
export type FoundSpan = Trace["spans"][number];

const readTrace = (call: Call, traceId: string) => call("GET /api/v1/traces/:traceId", { params: { traceId } });

/** The spans that began after a time, with inputs and outputs, in the order of their start. */
export async function spansSince(call: Call, from: string): Promise<FoundSpan[]> {
  const { items } = await call("GET /api/v1/spans", { query: { from, limit: 100 } });
  const traces = await Promise.all([...new Set(items.map(({ traceId }) => traceId))].map((id) => readTrace(call, id)));
  return traces.flatMap(({ spans }) => spans).sort((a, b) => a.startTime.localeCompare(b.startTime));
}
