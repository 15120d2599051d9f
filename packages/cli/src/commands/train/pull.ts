import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, ApiError, type Client } from "@treadle/sdk";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../../shared/connect.ts";
import { reportFailure } from "../../shared/report-failure.ts";

type Pull = Answer<"POST /api/v1/model-pulls">;
type Show = (pull: Pull) => void;

const POLL_MS = 300;
/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

export function addPull(program: Command) {
  withServerFlags(
    program
      .command("pull")

      .argument(
        "<source>",
        "a catalog name, hf:owner/repo/file.gguf, or a GGUF file in a folder that the server can read",
      ),
  )
    .addHelpText("after", "\nCtrl-C stops the download. The next pull continues from there.")
    .action((source: string, flags: ServerFlags) =>
      run(source, flags).catch((error: unknown) => reportFailure(error, flags)),
    );
}

async function run(source: string, flags: ServerFlags) {
  const { client } = connect(flags);
  const started = await client
    .call("POST /api/v1/model-pulls", { body: { source: toSource(source) } })
    .catch((error: unknown) => sayIfThere(error, flags));
  if (!started) return;
  const show = flags.json ? showJson() : process.stderr.isTTY ? showBar() : showLines();
  const ended = await follow(client, started, show);
  if (ended.state === "done") {
    if (!flags.json) console.log(`${ended.modelId} is ready: treadle chat --model ${ended.modelId} "Hello"`);
  } else if (ended.state === "cancelled") {
    if (!flags.json) process.stderr.write("treadle: stopped; run the same pull again to continue\n");
    process.exitCode = INTERRUPTED;
  } else {
    const message = `${ended.modelId} could not be pulled: ${ended.error ?? "the server reported no reason"}`;
    throw new ApiError({ status: 0, code: "pull_failed", message });
  }
}

/** An earlier pull already has the model, so this is not a failure. */
function sayIfThere(error: unknown, { json }: ServerFlags): undefined {
  if (!(error instanceof ApiError && error.code === "conflict")) throw error;
  const { message } = error;
  console.log(json ? JSON.stringify({ state: "done", step: message }) : message);
}

/** A relative path is resolved in the current folder. The server accepts only absolute paths on its machine. */
const toSource = (source: string) => (!source.startsWith("hf:") && existsSync(source) ? resolve(source) : source);

/** Shows a pull until it has ended. An interrupt cancels it on the server. */
async function follow(client: Client, started: Pull, show: Show): Promise<Pull> {
  const params = { pullId: started.pullId };
  const cancel = () =>
    void client.call("DELETE /api/v1/model-pulls/:pullId", { params }).catch(() => process.exit(INTERRUPTED));
  process.once("SIGINT", cancel);
  try {
    let pull = started;
    for (;;) {
      show(pull);
      if (pull.state !== "running") return pull;
      await delay(POLL_MS);
      pull = await client.call("GET /api/v1/model-pulls/:pullId", { params });
    }
  } finally {
    process.removeListener("SIGINT", cancel);
  }
}

/** One line of JSON for each change, as the server gives it. */
function showJson(): Show {
  let last = "";
  return (pull) => {
    const line = JSON.stringify(pull);
    if (line !== last) console.log(line);
    last = line;
  };
}

function showBar(): Show {
  const bar = new SingleBar({
    format: "{model} [{bar}] {percentage} % of {size} MB, {step}",
    hideCursor: true,
    clearOnComplete: false,
  });
  let isStarted = false;
  return ({ modelId: model, step, receivedBytes, totalBytes, state }) => {
    const fields = { model, step, size: Math.round((totalBytes ?? 0) / 1e6) };
    if (!isStarted) bar.start(totalBytes ?? 1, receivedBytes, fields);
    isStarted = true;
    bar.setTotal(totalBytes ?? Math.max(receivedBytes, 1));
    bar.update(receivedBytes, fields);
    if (state !== "running") bar.stop();
  };
}

/** For a log: a line for each step and each tenth of the way. */
function showLines(): Show {
  let last = "";
  return ({ modelId, step, receivedBytes, totalBytes }) => {
    const share = totalBytes
      ? `, ${Math.floor((receivedBytes / totalBytes) * 10) * 10} % of ${Math.round(totalBytes / 1e6)} MB`
      : "";
    const line = `${modelId}: ${step}${share}`;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
}
