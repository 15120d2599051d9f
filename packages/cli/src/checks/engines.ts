import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Check, type Finding, failed, ok, warning } from "./check.ts";

const LIMIT_MS = 60_000;
const server = fileURLToPath(new URL("../../../server/", import.meta.url));
const webPage = fileURLToPath(new URL("../../../web/dist/index.html", import.meta.url));
const reinstall = "run `npm ci` again; if the error remains, there is no build for this platform";

export const columnarEngine: Check = {
  name: "Columnar engine",
  run: () =>
    load({
      program: 'const { query } = await import("chdb"); console.log(query("SELECT version()", "TabSeparated").trim());',
      name: "chDB",
      remedy: `${reinstall}, or set TREADLE_CLICKHOUSE_URL to a ClickHouse server`,
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
      remedy: `${reinstall}; providers' models work without it`,
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
      remedy: `${reinstall}, or set TREADLE_POSTGRES_URL to a PostgreSQL server`,
    }),
};

export const webApp: Check = {
  name: "Web app",
  run: async () =>
    existsSync(webPage) ? ok("built") : warning("not built; the server offers only the API", "`npm start` builds it"),
};

export const python: Check = {
  name: "Python",
  run: () =>
    new Promise((resolve) => {
      execFile("python3", ["-m", "pip", "--version"], { timeout: LIMIT_MS }, (error, stdout) =>
        resolve(
          error
            ? warning(
                "python3 with pip is missing; models can come only from the hub or a file",
                "install it (Debian: apt-get install python3-pip)",
              )
            : ok(stdout.trim().replace(/ from .* \(/, " (")),
        ),
      );
    }),
};

/**
 * Loads a native engine in a separate process, since a wrong build does not throw but ends the process. The program is
 * passed through standard input. As an argument, it would be inherited by the processes in which an engine tests
 * itself.
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
  "it reported no reason";
