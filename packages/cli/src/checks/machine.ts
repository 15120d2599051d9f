import { existsSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { type Check, failed, ok, warning } from "./check.ts";

const GIB = 1024 ** 3;
/** With the embedded stores and the small model the whole tree takes about 1 GiB. */
const LEAST_MEMORY = 1.5 * GIB;
const LEAST_FREE_MEMORY = 0.75 * GIB;
/** At rest the server has about 500 open, half of them the stores'; each caller and each answer that streams is one more. */
const LEAST_FILES = 1_024;
const ENOUGH_FILES = 4_096;

export const nodeVersion: Check = {
  name: "Node",
  run: async () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major < 22 || (major === 22 && minor < 18))
      return failed(
        `Node ${process.versions.node} cannot run the server's source`,
        "use Node 22.18 or newer, or `npm start`, which brings Node 24",
      );
    return ok(`Node ${process.versions.node}`);
  },
};

export const platform: Check = {
  name: "Platform",
  run: async () => {
    const name = `${process.platform}-${process.arch}`;
    if (process.platform === "win32")
      return failed(
        `${name}: the embedded columnar engine has no build for Windows`,
        "run Treadle in WSL 2 or a container",
      );
    if (process.platform === "linux" && !glibcVersion())
      return failed(
        `${name} with musl: the embedded columnar engine needs glibc`,
        "use a distribution with glibc, such as Debian, or a container based on one",
      );
    return ok(name);
  },
};

export const processor: Check = {
  name: "Processor",
  run: async () => {
    const model = cpus()[0]?.model.trim() ?? "unknown";
    const cores = `${cpus().length} core${cpus().length === 1 ? "" : "s"}`;
    const features = cpuFeatures();
    if (!features) return ok(`${model}, ${cores}`);
    if (!features.has("sse4_2"))
      return failed(
        `${model} has no SSE 4.2, which the embedded columnar engine needs`,
        "set TREADLE_CLICKHOUSE_URL to a ClickHouse server on another machine",
      );
    if (!features.has("avx2"))
      return warning(
        `${model}, ${cores}, without AVX2: local models answer slowly`,
        "use a machine with AVX2, or a provider's models (docs/guide/providers-and-endpoints.md)",
      );
    return ok(`${model}, ${cores}, AVX2${features.has("avx512f") ? ", AVX-512" : ""}`);
  },
};

export const memory: Check = {
  name: "Memory",
  run: async () => {
    // Of a container it is less than the machine has; 0 is unknown.
    const total = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
    const free = process.availableMemory();
    const message = `${gib(free)} of ${gib(total)} available`;
    if (total < LEAST_MEMORY)
      return warning(
        message,
        `the server and a small model need ${gib(LEAST_MEMORY)}; set TREADLE_POSTGRES_URL and TREADLE_CLICKHOUSE_URL to move the stores to other machines`,
      );
    if (free < LEAST_FREE_MEMORY)
      return warning(message, "close other programs, or use no local model (TREADLE_DEFAULT_MODEL=none)");
    return ok(message);
  },
};

export const openFiles: Check = {
  name: "Open files",
  run: async () => {
    const limit = openFileLimit();
    if (limit === undefined) return ok("the limit is unknown");
    const message = `${limit} files and connections can be open at once`;
    if (limit >= ENOUGH_FILES) return ok(message);
    const remedy = `raise the limit, for example with \`ulimit -n ${ENOUGH_FILES}\`, or LimitNOFILE of a service`;
    return limit < LEAST_FILES ? failed(message, remedy) : warning(message, remedy);
  },
};

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;

/** The flags of an x86 processor as Linux names them; undefined where there is no such list. */
function cpuFeatures(): Set<string> | undefined {
  if (process.arch !== "x64" || !existsSync("/proc/cpuinfo")) return undefined;
  const line = /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1];
  return line === undefined ? undefined : new Set(line.trim().split(/\s+/));
}

function glibcVersion(): string | undefined {
  const found = inReport("header", "glibcVersionRuntime");
  return found === undefined ? undefined : String(found);
}

/** As this process has it, and a server that is started here would. */
function openFileLimit(): number | undefined {
  const openFiles = inReport("userLimits", "open_files");
  const soft = typeof openFiles === "object" && openFiles !== null && "soft" in openFiles ? openFiles.soft : undefined;
  return typeof soft === "number" ? soft : undefined;
}

function inReport(part: string, name: string): unknown {
  const report: unknown = process.report.getReport();
  const section: unknown = typeof report === "object" && report !== null ? Reflect.get(report, part) : undefined;
  return typeof section === "object" && section !== null ? Reflect.get(section, name) : undefined;
}
