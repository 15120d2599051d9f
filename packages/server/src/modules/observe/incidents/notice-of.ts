import type { Notice, NoticeEvent } from "../../system/notifications/index.ts";
import type { IncidentRow } from "./stores/incident-store.ts";

type Told = {
  readonly event: NoticeEvent;
  readonly eventId: string;
  readonly text: string;
  /** The person. Null for the source of the incident. */
  readonly by: string | null;
  readonly at: Date;
};

const WORDS: Readonly<Record<NoticeEvent, string>> = {
  opened: "Opened",
  escalated: "Escalated",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  reopened: "Reopened",
  info: "Note",
};

/** The message about one transition. Its texts come from the source and from people, never from traces. */
export function toNotice(row: IncidentRow, { event, eventId, text, by, at }: Told): Notice {
  const hasSeries = row.facts.some(({ label }) => label === "Series");
  return {
    subject: { kind: "incident", id: row.id },
    event,
    key: `incident:${eventId}`,
    severity: row.severity,
    labels: row.labels,
    group: row.sourceId === "" ? row.id : row.sourceId,
    title: row.title,
    text: textOf(row, { event, text, by }),
    facts: [
      ...row.facts,
      ...(row.series === "" || hasSeries ? [] : [{ label: "Series", value: row.series }]),
      { label: "Since", value: row.from.toISOString() },
      ...(row.runbookUrl === null ? [] : [{ label: "Runbook", value: row.runbookUrl }]),
    ],
    links: linksOf(row, at),
    at,
  };
}

/** Each channel shows the event, so the text repeats it only to name the person. */
function textOf(row: IncidentRow, { event, text, by }: Pick<Told, "event" | "text" | "by">): string {
  const what = text === "" ? row.text : text;
  if (by === null && what !== "") return what;
  const who = by === null ? "" : ` by ${by}`;
  return `${WORDS[event]}${who}.${what === "" ? "" : ` ${what}`}`;
}

function linksOf(row: IncidentRow, at: Date): Notice["links"] {
  const search = new URLSearchParams({
    ...(row.filter ? { filter: row.filter } : {}),
    from: row.from.toISOString(),
    to: at.toISOString(),
  });
  return [
    { label: "Incident", path: `/incidents/${row.id}` },
    { label: "Traces", path: `/traces?${search}` },
    ...(row.sourceKind === "monitor" ? [{ label: "Monitor", path: `/monitors/${row.sourceId}` }] : []),
  ];
}
