#!/usr/bin/env node
// The commands are TypeScript, which Node runs by itself from 22.18 on. An older one hands over to the Node 24 beside it.
import { spawn } from "node:child_process";
import module, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Without the types and compiled, as the first start stored them next to the installed packages: a start takes a third of the time.
  module.enableCompileCache?.(fileURLToPath(new URL("../../../node_modules/.cache/treadle-compiled", import.meta.url)));
  await import("../src/main.ts");
} else handOver();

function handOver() {
  const child = spawn(findNode24(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends its interrupt to both; passing it on would be a second one, which means "at once".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function findNode24() {
  try {
    return createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    process.stderr.write(
      `treadle: this is Node ${process.versions.node}, and the commands need 22.18 or newer. Run \`npm ci\` in Treadle's folder, which installs Node 24 beside them, or use a newer Node.\n`,
    );
    process.exit(1);
  }
}
