import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningTreadle, startTreadle } from "../../setup/start-treadle.ts";

const here = import.meta.dirname;
const programs = join(here, ".venv/bin");
const MOST_WARNINGS = 20;
const TOOL_MS = 240_000;

let treadle: RunningTreadle;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "treadle-openapi-"));
  treadle = await startTreadle();
  const response = await fetch(`${treadle.url}/openapi.json`, { headers: { "accept-encoding": "br" } });
  expect([response.status, response.headers.get("content-encoding")]).toEqual([200, "br"]);
  await writeFile(join(folder, "openapi.json"), await response.text());
}, 120_000);
afterAll(async () => {
  await treadle?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program in the folder of the document. It can reach only this machine, so tools cannot look for new versions. */
function run(program: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  return promisify(execFile)(program, [...parameters], {
    cwd: folder,
    env: { PATH: [programs, process.env.PATH].join(delimiter), ...quiet, ...env },
    timeout: TOOL_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
}
const runNode = (program: string, ...parameters: string[]) =>
  run(process.execPath, [join(here, "node_modules", program), ...parameters]);

describe("the description of the API that a server sends", () => {
  test(
    "has no error and at most 20 warnings by Redocly's recommended rules",
    async () => {
      const flags = ["--extends=recommended", "--format=json", "--max-problems=1000"];
      const { stdout } = await runNode("@redocly/cli/bin/cli.js", "lint", ...flags, "openapi.json");
      const { totals, problems } = JSON.parse(stdout) as {
        totals: { errors: number; warnings: number };
        problems: readonly { ruleId: string; message: string }[];
      };
      const words = problems.map(({ ruleId, message }) => `${ruleId}: ${message}`).join("\n");
      expect(totals.errors, words).toBe(0);
      expect(totals.warnings, words).toBeLessThanOrEqual(MOST_WARNINGS);
    },
    TOOL_MS,
  );

  test(
    "becomes types by openapi-typescript that compile and reject wrong requests",
    async () => {
      // Without the flag, a field with a default is required, also in requests.
      const flags = ["--default-non-nullable=false", "--output", "api.d.ts"];
      await runNode("openapi-typescript/bin/cli.js", "openapi.json", ...flags);
      await copyFile(join(here, "use-types.ts"), join(folder, "use-types.ts"));
      const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
      const { stdout } = await runNode(
        "typescript/bin/tsc",
        ...strict,
        ...["--skipLibCheck", "false", "--module", "nodenext"],
        "use-types.ts",
      ).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }));
      expect(stdout).toBe("");
    },
    TOOL_MS,
  );

  test.runIf(existsSync(programs))(
    "becomes a client by openapi-python-client, without a warning, that creates, lists and reports errors",
    async () => {
      const generated = await run(join(programs, "openapi-python-client"), [
        ...["generate", "--path", "openapi.json", "--output-path", "treadle_api", "--meta", "none"],
        ...["--config", join(here, "python-client.yaml"), "--fail-on-warning"],
      ]).catch((error: { stdout?: string; stderr?: string }) => error);
      expect(`${generated.stdout}${generated.stderr}`.trim()).toBe("Generating treadle_api");
      const { stdout } = await run(join(programs, "python"), [join(here, "client.py")], {
        PYTHONPATH: folder,
        BASE_URL: treadle.url,
        API_KEY: treadle.apiKey,
      });
      expect(stdout.trim().split("\n")).toEqual(
        ["create", "items", "list", "missing", "unauthorized"].map((name) => `ok ${name}`),
      );
    },
    TOOL_MS,
  );
});
