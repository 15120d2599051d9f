import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { startServer } from "../evaluate/index.ts";
import { environment, namedServer } from "./test-settings.ts";

/**
 * A `globalSetup` of Vitest. If TREADLE_URL names no server, it starts one for the tests and stops it after them. It
 * needs no network and no key. TREADLE_TEST_DATA names a folder that stores its runs, so that the next time has a base.
 */
export async function setup(project: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const env = environment();
  if (namedServer(env) !== null) {
    project.provide("treadle", null);
    return async () => undefined;
  }
  const dataFolder = env.TREADLE_TEST_DATA || undefined;
  const { url, apiKey, stop } = await startServer({ command: [findCommand(resolve("."))], dataFolder, env });
  project.provide("treadle", { url, apiKey });
  return stop;
}

/** The command in the nearest `node_modules` that has it, else the one of the path. */
function findCommand(folder: string): string {
  const here = join(folder, "node_modules/.bin/treadle");
  if (existsSync(here)) return here;
  const above = dirname(folder);
  return above === folder ? "treadle" : findCommand(above);
}
