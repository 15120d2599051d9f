import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Check, type Finding, failed, ok, warning } from "./check.ts";

const LIMIT_MS = 60_000;
const server = fileURLToPath(new URL("../../../server/", import.meta.url));
const webPage = fileURLToPath(new URL("../../../web/dist/index.html", import.meta.url));
const reinstall = "run `npm ci` again; if it stays, this platform has no build of it";

export const columnarEngine: Check = {
  name: "Columnar engine",
  run: () =>
    load({
      program: 'const { query } = await import("chdb"); console.log(query("SELECT version()", "TabSeparated").trim());',
      name: "chDB",
      remedy: `${reinstall}, and TREADLE_CLICKHOUSE_URL can name a ClickHouse server instead`,
    }),
};

export const modelEngine: Check = {
  name: "Model engine",
  run: async () => {
    const finding = await load({
      program: `const { getLlama } = await import("node-llama-cpp");
        const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" });
        console.log(llama.llamaCppRelease?.release ?? "");`,
      name: "llama.cpp",
      remedy: `${reinstall}; models of providers work without it`,
    });
    return finding.state === "failed" ? { ...finding, state: "warning" as const } : finding;
  },
};

export const databaseEngine: Check = {
  name: "Database engine",
  run: () =>
    load({
      program:
        'const { PGlite } = await import("@electric-sql/pglite"); console.log(typeof PGlite.create === "function" ? "" : "?");',
      name: "PGlite",
      remedy: `${reinstall}, and TREADLE_POSTGRES_URL can name a PostgreSQL server instead`,
    }),
};

export const webApp: Check = {
  name: "Web app",
  run: async () =>
    existsSync(webPage) ? ok("built") : warning("not built, so only the API is served", "`npm start` builds it"),
};

export const python: Check = {
  name: "Python",
  run: () =>
    new Promise((resolve) => {
      execFile("python3", ["-m", "pip", "--version"], { timeout: LIMIT_MS }, (error, stdout) =>
        resolve(
          error
            ? warning(
                "python3 with pip is not there; a model can then come from the hub or a file only",
                "install it (Debian: apt-get install python3-pip)",
              )
            : ok(stdout.trim().replace(/ from .* \(/, " (")),
        ),
      );
    }),
};

/**
 * Loads a native engine in a process of its own, since a wrong build does not throw but ends the process. The program goes
 * in through standard input: as an argument it would be handed on to the processes that an engine tries itself out in.
 */
function load({ program, name, remedy }: { program: string; name: string; remedy: string }): Promise<Finding> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["-"], { cwd: server, timeout: LIMIT_MS }, (error, stdout, stderr) => {
      if (!error) return resolve(ok(`${name} ${stdout.trim()} loads`.replace("  ", " ")));
      const why = error.signal ? `its process was ended by ${error.signal}` : lastLineOf(stderr);
      resolve(failed(`${name} does not load: ${why}`, remedy));
    });
    child.stdin?.end(`(async () => { ${program} process.exit(0); })();`);
  });
}

/** The sentence of an uncaught error, out of the stack that Node prints. */
const lastLineOf = (stderr: string) =>
  stderr.split("\n").find((line) => /^\w*Error\b.*: /.test(line)) ??
  stderr.trim().split("\n").at(-1) ??
  "it gave no reason";
