import type { Answer } from "@treadle/sdk";
import type { Command } from "commander";
import { connect, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import { reportFailure } from "../shared/report-failure.ts";

type Job = Answer<"GET /api/v1/jobs/:jobId">;
type ListFlags = ServerFlags & { readonly all?: boolean };

const MOST = 200;

export function addJobs(program: Command) {
  const jobs = program.command("job");
  withServerFlags(jobs.command("list").description("list queued and running jobs, newest first"))
    .option("--all", `include jobs that have ended; the newest ${MOST}`)
    .action((flags: ListFlags) => list(flags).catch((error: unknown) => reportFailure(error, flags)));
  withServerFlags(
    jobs.command("cancel").description("cancel a job; finished work remains").argument("<id>", "the job's id, job_…"),
  ).action((jobId: string, flags: ServerFlags) =>
    cancel(jobId, flags).catch((error: unknown) => reportFailure(error, flags)),
  );
}

async function list(flags: ListFlags) {
  const { client } = connect(flags);
  const query = { limit: MOST, status: flags.all ? undefined : ("active" as const) };
  const { items } = await client.call("GET /api/v1/jobs", { query });
  if (flags.json) console.log(JSON.stringify(items));
  else if (items.length > 0) for (const job of items) console.log(lineOf(job));
  else
    process.stderr.write(
      flags.all ? "No job has run yet.\n" : "No job is running. Use --all to include jobs that have ended.\n",
    );
}

async function cancel(jobId: string, flags: ServerFlags) {
  const { client } = connect(flags);
  const job = await client.call("POST /api/v1/jobs/:jobId/cancel", { params: { jobId } });
  if (flags.json) console.log(JSON.stringify(job));
  else console.log(job.isCancelling ? `${job.title} is stopping` : `${job.title} is canceled`);
}

/** Such as `job_01k…  running    12000 of 200000 rows  Import chats.jsonl`. */
function lineOf({ jobId, status, isCancelling, progress: { done, total, unit }, title, error }: Job): string {
  const counted = total === null ? `${done}` : `${done} of ${total}`;
  const cells = [jobId, (isCancelling ? "stopping" : status).padEnd(9), `${counted} ${unit}`.trim().padEnd(24), title];
  return error === null ? cells.join("  ") : `${cells.join("  ")}: ${error.message}`;
}
