// `npm start`: from a clone to a running server. Plain Node, no dependency.
import { spawn } from "node:child_process";
import { buildServer, buildWeb, checkNode, install, node24, serverProgram } from "./set-up.mjs";

checkNode();
install("production");
buildWeb();
buildServer();
become(node24, [serverProgram, ...process.argv.slice(2)]);

/**
 * Replaces this process with the program, so that no second Node process waits. A Node that does not support this
 * (older than 22.15) starts the program and forwards signals and the exit code.
 */
function become(program, args) {
  if (process.execve) process.execve(program, [program, ...args], process.env);
  const child = spawn(program, args, { stdio: "inherit" });
  // A terminal sends its interrupt to both; passing it on would be a second one, which means "at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`treadle: ${program} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
