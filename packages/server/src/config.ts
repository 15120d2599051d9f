import { readShape } from "@treadle/contract";
import { z } from "zod";

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
    .describe("The port of the API, the gateway and the web app. 0 takes a free one."),
  TREADLE_HOST: z.string().default("127.0.0.1").describe("The address to listen on. `0.0.0.0` lets other machines in."),
  TREADLE_OTLP_GRPC_PORT: number(0, 65_535)
    .optional()
    .describe("The port of OTLP over gRPC, such as 4317. 0 takes a free one. Unset: gRPC is off."),
  TREADLE_DATA: z.string().default(".treadle").describe("The data folder. One server at a time may use it."),
  TREADLE_BOOTSTRAP_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, "use 16 to 200 printable characters without spaces")
    .optional()
    .describe("An API key with full rights on the first project, made at start; for scripts and containers."),
  TREADLE_ALLOWED_HOSTS: list
    .default([])
    .describe(
      "Host names, besides the loopback ones and TREADLE_HOST, that this server answers to, separated by commas.",
    ),
  TREADLE_PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      "The address people open in the browser, when it is not `http://HOST:PORT`; its host is an allowed host.",
    ),
  TREADLE_POSTGRES_URL: z
    .string()
    .optional()
    .describe("A PostgreSQL 15 or newer database. Unset: the embedded one, in the data folder."),
  TREADLE_CLICKHOUSE_URL: z
    .string()
    .optional()
    .describe("A ClickHouse server. Unset: the embedded engine, in the data folder."),
  TREADLE_SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/_-]{43}=?$/, "use 32 random bytes in base64")
    .optional()
    .describe(
      "The key that provider keys are encrypted with: 32 random bytes in base64. Unset: one is made and kept in the data folder.",
    ),
  TREADLE_OUTBOUND_ALLOW: list
    .default([])
    .describe(
      "Private addresses that providers may live at, such as `127.0.0.1:11434,10.0.0.0/8,vllm.internal`. Without it only public addresses are reached.",
    ),
  TREADLE_MAX_BODY_MB: number(1, 1_024)
    .default(32)
    .describe("The largest request body in MiB, counted after decompression."),
  TREADLE_SPOOL_CAP_MB: number(1, 1_000_000)
    .default(2_048)
    .describe("How much the spool may hold, in MiB, while the columnar store is away."),
  TREADLE_MODEL_MEMORY_MB: number(64, 10_000_000)
    .optional()
    .describe("The memory that loaded local models may take together, in MiB. Unset: half of the machine's."),
  TREADLE_MODEL_PARALLEL: number(1, 64)
    .default(4)
    .describe("How many requests a local model answers at once; more wait in a fair queue."),
  TREADLE_DEFAULT_MODEL: z
    .string()
    .default("smollm2-135m-instruct")
    .describe("The model that is pulled at the first start; `none` pulls none."),
  TREADLE_HUB_URL: z.url().default("https://huggingface.co").describe("The hub that `hf:` models come from."),
  TREADLE_HUB_TOKEN: z.string().optional().describe("A token of that hub, for models that need one."),
  TREADLE_TRAINER_PYTHON: z
    .string()
    .optional()
    .describe(
      "A Python that has the packages of the trainer, by its full path. Unset: the environment that `treadle trainer install` makes in the data folder.",
    ),
  TREADLE_TORCH_INDEX: z
    .union([z.literal("none"), z.url()])
    .default("none")
    .describe(
      "An index of Python packages where `treadle trainer install` looks first for PyTorch without the libraries of graphics cards, on Linux machines that have no such card; PyTorch's site names its own. `none` takes the usual build.",
    ),
  TREADLE_ONNX_PYTHON: z
    .string()
    .optional()
    .describe(
      "A Python that has the packages which write ONNX, by its full path. Unset: the environment that `treadle trainer install --onnx` makes in the data folder.",
    ),
  TREADLE_TRANSFORMERS_JS: z
    .string()
    .optional()
    .describe(
      "The folder below which `npm install` put @huggingface/transformers, which answers for models in ONNX. Unset: `transformers-js` in the data folder.",
    ),
  TREADLE_SAMPLE_DATA: z
    .stringbool()
    .default(true)
    .describe("Whether the first start makes a demo project with sample data."),
  TREADLE_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("warn")
    .describe("How much is logged, as JSON lines on standard error."),
  TREADLE_DRAIN_SECONDS: number(0, 600).default(15).describe("How long a stop waits for running requests."),
});
export type Config = z.output<typeof Settings> & {
  /** The environment without our own settings, some of which are secrets: for other programs that we run. */
  readonly toolEnvironment: Readonly<Record<string, string | undefined>>;
};

/** The only reader of the environment. Throws with every bad setting named, so that a start fails at once and whole. */
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
  throw new Error(`These settings are wrong:\n${problems.join("\n")}\nEach is described in docs/reference/config.md.`);
}

/** What is wrong with settings that are each right by themselves. */
function clashesIn({ TREADLE_PORT, TREADLE_OTLP_GRPC_PORT }: z.output<typeof Settings>): string[] {
  const isShared = TREADLE_OTLP_GRPC_PORT === TREADLE_PORT && TREADLE_PORT !== 0;
  return isShared ? ["  TREADLE_OTLP_GRPC_PORT: gRPC needs a port of its own, other than TREADLE_PORT"] : [];
}

/** Names that only the commands read, not the server. */
const OF_COMMANDS = new Set(["TREADLE_URL", "TREADLE_API_KEY"]);

/** A sentence for each name in the environment that is ours and that no setting goes by: most likely one spelled wrong. */
export const straySettings = (environment: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith("TREADLE_") && !(name in Settings.shape) && !OF_COMMANDS.has(name))
    .map((name) => `${name} is set, but there is no such setting. docs/reference/config.md lists them.`);
