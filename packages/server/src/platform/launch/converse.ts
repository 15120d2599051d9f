import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { AppError } from "../../kernel/errors.ts";
import type { Conversation, LaunchCommand, Reply } from "./port.ts";

const KEPT_STDERR = 8_000;

/** Starts a process that replies to lines. When this process dies, the input of the other one closes, which ends it. */
export function converse({
  folder,
  command: [program, ...rest],
  environment,
}: LaunchCommand & { readonly folder: string }): Conversation {
  const child = spawn(program, rest, { cwd: folder, env: environment, detached: true, stdio: "pipe" });
  const lines = createInterface({ input: child.stdout });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  // A write to a process that has ended fails; `ended` reports that end.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<Reply>((resolve) => {
    child.on("error", ({ message }) =>
      resolve({ kind: "ended", exitCode: null, stderr: `${program} cannot be run: ${message}` }),
    );
    child.on("close", (exitCode) => resolve({ kind: "ended", exitCode, stderr }));
  });

  /** The whole group, since libraries may start processes. */
  function end(): void {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  return {
    end,
    async ask(line, { timeoutMs }) {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        end();
      }, timeoutMs);
      const { promise: replied, resolve } = Promise.withResolvers<Reply>();
      const onLine = (text: string) => resolve({ kind: "line", line: text });
      lines.once("line", onLine);
      try {
        child.stdin.write(`${line}\n`);
        const reply = await Promise.race([replied, ended]);
        if (isLate && reply.kind === "ended")
          throw new AppError("provider_timeout", {
            message: `${program} did not reply within ${Math.round(timeoutMs / 1_000)} s.`,
          });
        return reply;
      } finally {
        clearTimeout(timer);
        lines.off("line", onLine);
      }
    },
  };
}
