import { runProgram } from "./program.ts";
import { processIo } from "./shared/io.ts";
import { reportFailure } from "./shared/report-failure.ts";

// The reader of a pipe, such as `head`, has enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await runProgram(process.argv.slice(2), processIo()).catch((error: unknown) => reportFailure(error, {}));
