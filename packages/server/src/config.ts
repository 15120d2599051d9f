import { isAbsolute } from "node:path";
import { readShape } from "@treadle/contract";
import { z } from "zod";
import { parseRange } from "./platform/http/listen/client-address.ts";
import { CONNECTIONS_PER_ADDRESS } from "./platform/http/listen/listen.ts";

const list = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.string()));
const number = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Every setting of the server. The reference page is generated from the descriptions and the defaults. */
export const Settings = z.object({
  TREADLE_PORT: number(0, 65_535)
    .default(4747)
    .describe("The port of the API, the gateway and the web app. 0 picks a free port."),
  TREADLE_HOST: z
    .string()
    .default("127.0.0.1")
    .describe("The address to listen on. Use `0.0.0.0` to accept connections from other machines."),
  TREADLE_OTLP_GRPC_PORT: number(0, 65_535)
    .optional()
    .describe("The port of OTLP over gRPC, such as 4317. 0 picks a free port. Unset: gRPC is off."),
  TREADLE_DATA: z.string().default(".treadle").describe("The data folder. Only one server at a time can use it."),
  TREADLE_BOOTSTRAP_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, "use 16 to 200 printable characters without spaces")
    .optional()
    .describe("An API key with full rights on the first project, created at start. Use it for scripts and containers."),
  TREADLE_ALLOWED_HOSTS: list
    .default([])
    .describe(
      "Host names that this server accepts in addition to the loopback names and TREADLE_HOST, separated by commas.",
    ),
  TREADLE_TRUSTED_PROXIES: list
    .pipe(
      z.array(z.string().refine((text) => parseRange(text) !== null, "use addresses and ranges such as 10.0.0.0/8")),
    )
    .default([])
    .describe(
      "Addresses and CIDR ranges of the proxies in front of this server, separated by commas, such as `127.0.0.1,10.0.0.0/8`. Only these proxies may name the caller's address, in `X-Forwarded-For` or `Forwarded`. Set it behind a proxy; otherwise rate limits count all callers as one.",
    ),
  TREADLE_CONNECTIONS_PER_ADDRESS: number(10, 10_000)
    .default(CONNECTIONS_PER_ADDRESS)
    .describe("The maximum number of open connections per address. Trusted proxies are exempt."),
  TREADLE_PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      "The address that users open in the browser, when it is not `http://HOST:PORT`. Its host is an allowed host.",
    ),
  TREADLE_POSTGRES_URL: z
    .string()
    .optional()
    .describe("A PostgreSQL database, version 15 or newer. Unset: the embedded database in the data folder."),
  TREADLE_CLICKHOUSE_URL: z
    .string()
    .optional()
    .describe("A ClickHouse server. Unset: the embedded engine in the data folder."),
  TREADLE_SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/_-]{43}=?$/, "use 32 random bytes in base64")
    .optional()
    .describe(
      "The key that encrypts provider keys: 32 random bytes in base64. Unset: a key is created and stored in the data folder.",
    ),
  TREADLE_REPLACE_SECRET_KEY: z
    .stringbool()
    .default(false)
    .describe(
      "Start although the secret key is not the key that encrypted the stored secrets. You must enter those secrets again. Set it for one start, after the key was lost.",
    ),
  TREADLE_OUTBOUND_ALLOW: list
    .default([])
    .describe(
      "Private addresses that the server may call, such as `127.0.0.1:11434,10.0.0.0/8,vllm.internal`. Unset: only public addresses.",
    ),
  TREADLE_MAX_BODY_MB: number(1, 1_024)
    .default(32)
    .describe("The maximum size of a request body in MiB, after decompression."),
  TREADLE_SPOOL_CAP_MB: number(1, 1_000_000)
    .default(2_048)
    .describe("The maximum size of the spool in MiB, while the columnar store is unavailable."),
  TREADLE_MODEL_MEMORY_MB: number(64, 10_000_000)
    .optional()
    .describe("The memory limit for all loaded local models together, in MiB. Unset: half of the machine's memory."),
  TREADLE_MODEL_PARALLEL: number(1, 64)
    .default(4)
    .describe("How many requests a local model processes at the same time. More requests wait in a fair queue."),
  TREADLE_DEFAULT_MODEL: z
    .string()
    .default("smollm2-135m-instruct")
    .describe("The model that is pulled at the first start. `none` pulls no model."),
  TREADLE_HUB_URL: z.url().default("https://huggingface.co").describe("The hub for `hf:` models."),
  TREADLE_HUB_TOKEN: z.string().optional().describe("An access token for that hub, for models that need one."),
  TREADLE_MODEL_FOLDERS: list
    .pipe(z.array(z.string().refine(isAbsolute, "write absolute paths, separated by commas")))
    .default([])
    .describe(
      "Folders on the server from which models can be imported and pulled by path, such as `/srv/models`, separated by commas. Unset: none; users upload files instead.",
    ),
  TREADLE_KNOWLEDGE_FOLDERS: list
    .pipe(z.array(z.string().refine(isAbsolute, "write absolute paths, separated by commas")))
    .default([])
    .describe(
      "Folders on the server that knowledge sources of every project may read, such as `/srv/handbook`, separated by commas. Unset: none.",
    ),
  TREADLE_TRAINER_PYTHON: z
    .string()
    .optional()
    .describe(
      "The full path of a Python that has the trainer's packages. Unset: the environment that `treadle trainer install` creates in the data folder.",
    ),
  TREADLE_TORCH_INDEX: z
    .union([z.literal("none"), z.url()])
    .default("https://download.pytorch.org/whl/cpu")
    .describe(
      "The Python package index from which `treadle trainer install` downloads the CPU build of PyTorch. It is only used on Linux machines without a graphics card, and only for this package. Set it to a mirror if that site is not reachable. Set it to `none` to use the standard build, which is several gigabytes larger.",
    ),
  TREADLE_TRAINING_NICE: number(0, 19)
    .default(10)
    .describe(
      "The priority of training on this machine, as a `nice` value: 0 is the priority of other programs, 19 is the lowest. Lower the value when nothing else runs on the machine.",
    ),
  TREADLE_ONNX_PYTHON: z
    .string()
    .optional()
    .describe(
      "The full path of a Python that has the packages for ONNX export. Unset: the environment that `treadle trainer install --onnx` creates in the data folder.",
    ),
  TREADLE_TRANSFORMERS_JS: z
    .string()
    .optional()
    .describe(
      "The folder in which `npm install` put @huggingface/transformers, which runs ONNX models. Unset: `transformers-js` in the data folder.",
    ),
  TREADLE_SAMPLE_DATA: z
    .stringbool()
    .default(true)
    .describe("Whether the first start creates a demo project with sample data."),
  TREADLE_PROJECT_GRACE_DAYS: number(0, 365)
    .default(7)
    .describe("How many days a deleted project can be restored before its data is removed."),
  TREADLE_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("warn")
    .describe("The log level. Logs are JSON lines on standard error."),
  TREADLE_DRAIN_SECONDS: number(0, 600)
    .default(15)
    .describe("How long the server waits for running requests when it stops, in seconds."),
});
export type Config = z.output<typeof Settings> & {
  /** The environment without our own settings, some of which are secrets: for other programs that we run. */
  readonly toolEnvironment: Readonly<Record<string, string | undefined>>;
};

/** The only reader of the environment. Throws one error that names every invalid setting, before anything starts. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith("TREADLE_") && value !== ""),
  );
  const result = readShape(Settings, set);
  const others = Object.entries(environment).filter(([name]) => !name.startsWith("TREADLE_"));
  const problems = result.success
    ? clashesIn(result.data)
    : result.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  if (result.success && problems.length === 0) return { ...result.data, toolEnvironment: Object.fromEntries(others) };
  throw new Error(
    `These settings are not valid:\n${problems.join("\n")}\ndocs/reference/config.md describes each setting.`,
  );
}

/** What is wrong with settings that are each right by themselves. */
function clashesIn({ TREADLE_PORT, TREADLE_OTLP_GRPC_PORT }: z.output<typeof Settings>): string[] {
  const isShared = TREADLE_OTLP_GRPC_PORT === TREADLE_PORT && TREADLE_PORT !== 0;
  return isShared ? ["  TREADLE_OTLP_GRPC_PORT: gRPC needs a different port than TREADLE_PORT"] : [];
}

/** Names that only the commands read, not the server. */
const OF_COMMANDS = new Set(["TREADLE_URL", "TREADLE_API_KEY"]);

/** A sentence for each name in the environment that is ours and that no setting goes by: most likely one spelled wrong. */
export const straySettings = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith("TREADLE_") && !(name in Settings.shape) && !OF_COMMANDS.has(name))
    .map((name) => `${name} is set, but there is no such setting. docs/reference/config.md lists all settings.`);
