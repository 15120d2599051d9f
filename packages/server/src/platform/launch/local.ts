import { spawn } from "node:child_process";
import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AppError } from "../../kernel/errors.ts";
import { askProcess } from "./ask-process.ts";
import { converse } from "./converse.ts";
import { LOG_FILE, readEndOf, readLines, readOr, sizeOf, writeWhole } from "./folder-files.ts";
import type { Launcher, LaunchOrder, LaunchPlace, LaunchState } from "./port.ts";
import { type Identity, isAlive, parseIdentity, startOf } from "./process-identity.ts";

const SCRIPT = fileURLToPath(new URL("./launch.sh", import.meta.url));
const START_MS = 20_000;
const RIVAL_MS = 2_000;
const LOOK_MS = 50;
/** Beyond it the older half of a log goes. */
const LOG_BYTES = 16 * 1024 * 1024;
const LOST_PLACE = 75;

const stateOf = ({ folder, name }: LaunchPlace) => join(folder, name);

/** Processes on this machine, each in a separate process group, so that they outlive the server and end as a whole. */
export function createLocalLauncher({ logBytes = LOG_BYTES }: { readonly logBytes?: number } = {}): Launcher {
  async function poll(place: LaunchPlace): Promise<LaunchState> {
    await capLog(join(place.folder, LOG_FILE), logBytes);
    const ended = await readEnd(place);
    if (ended !== undefined) return { kind: "ended", exitCode: ended };
    const identity = await readIdentity(place);
    if (identity === null) return { kind: "unknown" };
    if (await isAlive(identity)) return { kind: "running" };
    // It may have reported its end between the two checks.
    const late = await readEnd(place);
    if (late === undefined) await killRemains(identity);
    return { kind: "ended", exitCode: late ?? null };
  }

  return {
    poll,
    ask: askProcess,
    converse,

    async submit(order: LaunchOrder): Promise<void> {
      if ((await poll(order)).kind !== "unknown") return;
      const failure = start(order);
      for (let waited = 0; waited < START_MS; waited += LOOK_MS) {
        if ((await readIdentity(order)) !== null) return;
        const failed = await Promise.race([failure, delay(LOOK_MS, null)]);
        if (failed !== null) return waitForRival(order, failed);
      }
      throw new AppError("unavailable", {
        message: "The process did not start in time. The machine may be overloaded.",
      });
    },

    tail: ({ folder }, file, cursor) => readLines(join(folder, file), cursor),
    tell: ({ folder }, file, content) => writeWhole(join(folder, file), content),

    async stop(place, { graceMs }) {
      const identity = await readIdentity(place);
      if (identity === null || !(await isAlive(identity))) return;
      signal(identity, "SIGTERM");
      for (let waited = 0; waited < graceMs; waited += LOOK_MS) {
        if (!(await isAlive(identity))) return killRemains(identity);
        await delay(LOOK_MS);
      }
      signal(identity, "SIGKILL");
      while (await isAlive(identity)) await delay(LOOK_MS);
    },

    readLog: ({ folder }, bytes) => readEndOf(join(folder, LOG_FILE), bytes),
  };
}

/** This process did not start. Another one at the same place may be about to report. */
async function waitForRival(place: LaunchPlace, failed: AppError): Promise<void> {
  for (let waited = 0; waited < RIVAL_MS; waited += LOOK_MS) {
    if ((await readIdentity(place)) !== null) return;
    await delay(LOOK_MS);
  }
  await rm(`${stateOf(place)}.pid`, { force: true });
  throw failed;
}

/** Resolves with why it could not be started, or never. */
function start({ folder, name, command, environment }: LaunchOrder): Promise<AppError> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", [SCRIPT, join(folder, name), join(folder, LOG_FILE), ...command], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: "ignore",
    });
    child.on("error", (cause) =>
      resolve(new AppError("unavailable", { message: `No process could be started: ${cause.message}`, cause })),
    );
    child.on("exit", (code) => {
      if (code !== LOST_PLACE) return;
      const message = `The folder ${folder} cannot be written to. The disk may be full.`;
      resolve(new AppError("insufficient_storage", { message }));
    });
    child.unref();
  });
}

async function readIdentity(place: LaunchPlace): Promise<Identity | null> {
  return parseIdentity(await readOr(`${stateOf(place)}.pid`, ""));
}

/** The exit code. Undefined if none was reported. */
async function readEnd(place: LaunchPlace): Promise<number | undefined> {
  const text = (await readOr(`${stateOf(place)}.exit`, "")).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** To the process and all its children. An ended process needs none. */
function signal({ pid }: Identity, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
  }
}

/** Ends what a head left behind that was killed alone. Not when its number is another's by now. */
async function killRemains(identity: Identity): Promise<void> {
  const start = await startOf(identity.pid);
  if (start === null || start === identity.startedAt) signal(identity, "SIGKILL");
}

/** The writer appends, so what is cut off at the front does not hinder it. */
async function capLog(path: string, most: number): Promise<void> {
  if ((await sizeOf(path)) <= most) return;
  const { text } = await readEndOf(path, Math.floor(most / 2));
  await truncate(path, 0);
  await writeFile(path, text, { flag: "a" });
}
