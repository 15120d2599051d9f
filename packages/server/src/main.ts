import { loadConfig, straySettings } from "./config.ts";
import { messageOf } from "./kernel/message-of.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import { createSay } from "./say.ts";
import { tuneProcess } from "./tune-process.ts";

tuneProcess(process.env);

/** A person reads standard output; the log, as JSON lines, goes to standard error. */
const say = createSay("stdout");

async function main() {
  const config = loadConfig(process.env);
  for (const line of straySettings(process.env)) say(line);
  const { serve } = await import("./serve.ts");
  runUntilStopped(await serve(config, say), { say, fail });
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

await main().catch(fail);
