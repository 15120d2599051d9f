import { openLineOutput } from "./platform/log/line-output.ts";

/** What a person who starts the server reads, line by line. */
export type Say = (line: string) => void;

const STREAMS = { stdout: 1, stderr: 2 } as const;

/** Lines for the person who starts the server. A full disk behind them costs lines, not the server. */
export function createSay(stream: keyof typeof STREAMS): Say {
  const output = openLineOutput({
    fd: STREAMS[stream],
    report: (lines) =>
      `${lines} ${lines === 1 ? "line is" : "lines are"} missing here, because the output could not be written.\n`,
  });
  process.once("exit", output.flush);
  // Node itself writes warnings to these streams; an error that nothing listens to would end the server.
  process[stream].on("error", () => {});
  return (line) => output.write(`${line}\n`);
}
