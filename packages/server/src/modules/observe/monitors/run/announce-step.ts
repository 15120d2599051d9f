import { systemScope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Announce, Notice } from "../../../system/notifications/index.ts";
import type { SeriesNotice } from "../core/series-state.ts";
import { describeStep, factsOf, type Told, titleOf } from "./messages.ts";

const WORDS: Readonly<Record<SeriesNotice, { readonly title: string; readonly severity: Notice["severity"] }>> = {
  "no-data": { title: "no data", severity: "warning" },
  error: { title: "evaluation fails", severity: "warning" },
  flapping: { title: "flapping", severity: "warning" },
  stable: { title: "stable again", severity: "info" },
};

/** Announces what is not an incident: missing data, persistent failures and flapping. */
export async function announceStep(announce: Announce, tx: Postgres, told: Told): Promise<void> {
  const { row, series, step } = told;
  const { memory, notices } = step;
  for (const notice of notices) {
    const { title, severity } = WORDS[notice];
    await announce(tx, systemScope(row.projectId), {
      subject: { kind: "monitor", id: row.id },
      event: "info",
      key: `${row.id} ${row.revision} ${series} ${memory.end} ${notice}`,
      severity,
      labels: row.config.labels,
      group: row.id,
      title: `${titleOf(told)}: ${title}`,
      text: textOf(notice, told),
      facts: factsOf(told),
      links: [{ label: "Monitor", path: `/monitors/${row.id}` }],
      at: new Date(memory.end),
    });
  }
}

function textOf(notice: SeriesNotice, told: Told): string {
  const { memory } = told.step;
  switch (notice) {
    case "no-data":
      return "The series has no data. Its spans may no longer arrive.";
    case "error":
      return "The last three evaluations failed. The page of the monitor shows the error.";
    case "flapping":
      return "The series changed its state six times in an hour. Further notices are sent when it has been stable for 30 minutes. A longer time to recover, or a hold of several evaluations, makes it calmer.";
    case "stable":
      return `The series has been stable for 30 minutes. It is ${memory.isOpen ? "firing" : "ok"} now. ${describeStep(told)}`;
    default:
      return notice satisfies never;
  }
}
