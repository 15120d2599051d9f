import type { Answer } from "@treadle/sdk";
import { SingleBar } from "cli-progress";

type Job = Answer<"GET /api/v1/jobs/:jobId">;
type ShowJob = { readonly show: (job: Job) => void; readonly end: () => void };

/** For a log: a line for each step and each tenth of the way. */
export function showLines(): ShowJob {
  let last = "";
  return {
    show(job) {
      const line = lineOf(job);
      if (line !== last) process.stderr.write(`${line}\n`);
      last = line;
    },
    end: () => undefined,
  };
}

/** For a terminal: a bar while the job knows how much there is, and lines while it does not. */
export function showBar(): ShowJob {
  const lines = showLines();
  const format = "{title} [{bar}] {percentage} % of {size}, {message}";
  const bar = new SingleBar({ format, hideCursor: true, clearOnComplete: false });
  const end = () => bar.isActive && bar.stop();
  return {
    end,
    show(job) {
      const { title, status, progress } = job;
      const { done, total, message } = progress;
      if (status !== "running" || total === null) {
        end();
        return lines.show(job);
      }
      const fields = { title, message, size: amountOf(progress) };
      if (!bar.isActive) bar.start(total, done, fields);
      bar.setTotal(total);
      bar.update(done, fields);
    },
  };
}

function lineOf({ title, status, progress }: Job): string {
  if (status !== "running") return `${title}: ${status}`;
  const { done, total, message } = progress;
  const share = total ? `, ${Math.floor((done / total) * 10) * 10} % of ${amountOf(progress)}` : "";
  return `${title}: ${message || "running"}${share}`;
}

/** All that there is, such as `200 rows` or `310 MB`. */
const amountOf = ({ total, unit }: Job["progress"]): string =>
  unit === "bytes" ? inMegabytes(total ?? 0) : `${total ?? 0} ${unit}`;

export const inMegabytes = (bytes: number): string =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${Math.round(bytes / 1e6)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;
