import { tuneProcess } from "@treadle/server/tune-process";
import { type Command, InvalidArgumentError } from "commander";
import { reportFailure } from "../report-failure.ts";

type Flags = { port?: string; host?: string; data?: string; json?: boolean };

export function addServe(program: Command) {
  program
    .command("serve")
    .description("start the server; every other setting is an environment variable (docs/reference/config.md)")
    .option("--port <port>", "the port to listen on, 0 for a free one (TREADLE_PORT, 4747)", toPort)
    .option("--host <host>", "the address to listen on (TREADLE_HOST, 127.0.0.1)")
    .option("--data <folder>", "the data folder (TREADLE_DATA, .treadle)")
    .option("--json", "print one line of JSON when it is ready, and everything else on standard error")
    .action((flags: Flags) => run(flags).catch((error: unknown) => reportFailure(error, flags)));
}

function toPort(text: string): string {
  if (!/^\d+$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  return text;
}

async function run({ port, host, data, json }: Flags) {
  tuneProcess(process.env);
  // Loaded here, so that the other commands do not wait for the whole server.
  const { loadConfig, runUntilStopped, serve, straySettings } = await import("@treadle/server");
  const environment = {
    ...process.env,
    ...(port && { TREADLE_PORT: port }),
    ...(host && { TREADLE_HOST: host }),
    ...(data && { TREADLE_DATA: data }),
  };
  const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const config = loadConfig(environment);
  for (const line of straySettings(environment)) say(line);
  const running = await serve(config, say);
  if (json) console.log(JSON.stringify({ event: "ready", url: running.url, pid: process.pid }));
  runUntilStopped(running, { say, fail: (error) => reportFailure(error, { json }) });
}
