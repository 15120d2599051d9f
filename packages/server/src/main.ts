import { loadConfig } from "./config.ts";
import { tuneProcess } from "./tune-process.ts";

tuneProcess(process.env);

/** A person reads standard output; the log, as JSON lines, goes to standard error. */
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main() {
  const config = loadConfig(process.env);
  const { serve } = await import("./serve.ts");
  const running = await serve(config, say);
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      say("Stopping: answering what is running and writing everything down. Press again to stop at once.");
      running.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

await main().catch(fail);
