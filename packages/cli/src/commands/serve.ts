import { tuneProcess } from "@treadle/server/tune-process";
import { type Command, InvalidArgumentError } from "commander";
import { reportFailure } from "../shared/report-failure.ts";

type Flags = { port?: string; host?: string; data?: string; json?: boolean };

export function addServe(program: Command) {
  program
    .command("serve")

    .option("--port <port>", "the port to listen on, 0 for a free one (TREADLE_PORT, 4747)", toPort)
    .option("--host <host>", "the address to listen on (TREADLE_HOST, 127.0.0.1)")
    .option("--data <folder>", "the data folder (TREADLE_DATA, .treadle)")
    .option("--json", "print one line of JSON when the server is ready, and all other output to standard error")
    .action((flags: Flags) => run(flags).catch((error: unknown) => reportFailure(error, flags)));
}

function toPort(text: string): string {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("use a number from 0 to 65535.");
  return text;
}

async function run({ port, host, data, json }: Flags) {
  tuneProcess(process.env);
  // Loaded here, so that the other commands do not wait for the whole server.
  const { createSay, loadConfig, runUntilStopped, serve, straySettings } = await import("@treadle/server");
  const environment = {
    ...process.env,
    ...(port && { TREADLE_PORT: port }),
    ...(host && { TREADLE_HOST: host }),
    ...(data && { TREADLE_DATA: data }),
  };
  const say = createSay(json ? "stderr" : "stdout");
  const config = loadConfig(environment);
  for (const line of straySettings(environment)) say(line);
  const running = await serve(config, say);
  if (json) console.log(JSON.stringify({ event: "ready", url: running.url, pid: process.pid }));
  runUntilStopped(running, { say, fail: (error) => reportFailure(error, { json }) });
}
