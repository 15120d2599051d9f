import type {
  Incident,
  IncidentComment,
  IncidentComparison,
  IncidentEvent,
  IncidentEvidence,
  IncidentSegment,
  IncidentSnapshot,
} from "@treadle/contract";
import { readableTime, utcMinute } from "../../../kernel/readable-time.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { nameOf, show } from "./evidence/name-worst.ts";

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };
type PageQuery = { readonly limit: number; readonly cursor?: string | undefined };
type Sources = {
  get(scope: Scope, incidentId: string): Promise<Incident>;
  listEvents(scope: Scope, incidentId: string, page: PageQuery): Promise<Page<IncidentEvent>>;
  listComments(scope: Scope, incidentId: string, page: PageQuery): Promise<Page<IncidentComment>>;
  getSnapshot(scope: Scope, incidentId: string, snapshotId: string): Promise<IncidentSnapshot>;
};

const PAGE = 200;

/** An incident as one Markdown file: what happened, what is known, and who did what. */
export const createIncidentExport = (sources: Sources) =>
  async function exportIncident(scope: Scope, incidentId: string): Promise<string> {
    const incident = await sources.get(scope, incidentId);
    const events = await readAll((page) => sources.listEvents(scope, incidentId, page));
    const comments = await readAll((page) => sources.listComments(scope, incidentId, page));
    const { evidence: head } = incident;
    const snapshot = head === null ? null : await sources.getSnapshot(scope, incidentId, head.snapshotId);
    const parts = [headOf(incident), evidenceOf(snapshot), timelineOf(events), commentsOf(comments)];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
  };

async function readAll<Item>(read: (page: PageQuery) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await read({ limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** One line of text in a table or a list: Markdown in it stays text. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]<>|#]/g, "\\$&")
    .trim();

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
const section = (title: string, body: string): string => (body === "" ? "" : `## ${title}\n\n${body}`);

function headOf(incident: Incident): string {
  const { source } = incident;
  const facts = [
    ["State", incident.state],
    ["Severity", incident.severity],
    [
      "Source",
      source.kind === "manual"
        ? "opened by a person"
        : `${source.kind} ${source.name}${source.series === "" ? "" : `, ${source.series}`}`,
    ],
    ["Owner", incident.owner?.name ?? "none"],
    ["Affected since", utcMinute(incident.from)],
    ["Opened", utcMinute(incident.openedAt)],
    ...(incident.acknowledgedAt === null ? [] : [["Acknowledged", utcMinute(incident.acknowledgedAt)]]),
    ...(incident.resolvedAt === null ? [] : [["Resolved", utcMinute(incident.resolvedAt)]]),
    ...incident.facts.map(({ label, value }) => [label, readableTime(value)]),
    ...Object.entries(incident.labels).map(([label, value]) => [`Label ${label}`, value]),
    ...(incident.filter ? [["Filter", incident.filter]] : []),
    ...(incident.runbookUrl === null ? [] : [["Runbook", incident.runbookUrl]]),
  ];
  const rows = facts.map(([label = "", value = ""]) => [plain(label), plain(value)]);
  return [`# ${plain(incident.title)}`, plain(incident.text), table(["", ""], rows)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function evidenceOf(snapshot: IncidentSnapshot | null): string {
  if (snapshot === null) return "";
  const { evidence } = snapshot;
  if (evidence === null) {
    const why =
      snapshot.state === "failed" ? `It could not be collected: ${plain(snapshot.error)}` : "It is being collected.";
    return section("Evidence", why);
  }
  const range = `From ${utcMinute(snapshot.from)} to ${utcMinute(snapshot.to)}.`;
  return [
    section("Evidence", `${range} ${plain(evidence.sentence)}`),
    ...evidence.comparisons.map((one) => comparisonOf(evidence, one)),
    section("Changes", changesOf(evidence)),
    section("Providers", providersOf(evidence)),
    section("Drift", evidence.drift.map(({ at, title }) => `- ${utcMinute(at)}: ${plain(title)}`).join("\n")),
    section(
      "Suggestions",
      evidence.suggestions.map(({ title, text, path }) => `- ${plain(title)}: ${plain(text)} \`${path}\``).join("\n"),
    ),
    section("Affected traces", tracesOf(evidence)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const changesOf = ({ changes }: IncidentEvidence): string =>
  changes
    .map(({ at, title, actor, isRelated }) => {
      const by = actor === "" ? "" : ` (${plain(actor)})`;
      return `- ${utcMinute(at)}: ${plain(title)}${by}${isRelated ? ". Names the worst segment." : ""}`;
    })
    .join("\n");

function comparisonOf(evidence: IncidentEvidence, comparison: IncidentComparison): string {
  const { against, now, before, segments, tested, p } = comparison;
  const value = (one: IncidentComparison["now"]) =>
    one.lower === null || one.upper === null
      ? `${show(evidence, one.value)} (n = ${one.n})`
      : `${show(evidence, one.value)} (95 %: ${show(evidence, one.lower)} to ${show(evidence, one.upper)}, n = ${one.n})`;
  const chance = p === null ? "" : ` p = ${small(p)} for no change.`;
  const lines = [`Now ${value(now)}, then ${value(before)}.${chance} ${tested} values were tested.`];
  if (segments.length > 0) lines.push(segmentTable(evidence, segments));
  const title = against === "before" ? "Compared with the time before" : "Compared with the same time last week";
  return section(title, lines.join("\n\n"));
}

const segmentTable = (evidence: IncidentEvidence, segments: readonly IncidentSegment[]): string =>
  table(
    ["Segment", "Now", "Before", "Spans now", "Part of the change", "Adjusted p"],
    segments.map((segment) => [
      `${plain(nameOf(segment))}${segment.isOutcome ? " (describes the failure)" : ""}`,
      show(evidence, segment.now.value),
      show(evidence, segment.before.value),
      String(segment.now.n),
      evidence.unit === "ratio" ? `${small(segment.change * 100)} points` : show(evidence, segment.change),
      segment.q === null ? "not tested" : small(segment.q),
    ]),
  );
const small = (value: number): string => String(Number(value.toPrecision(2)));

const providersOf = ({ providers }: IncidentEvidence): string =>
  providers.length === 0
    ? ""
    : table(
        ["Connection", "Model", "Attempts", "Error rate", "Before", "Circuit breaker"],
        providers.map((one) => [
          plain(one.connection === "" ? one.provider : one.connection),
          plain(one.model),
          String(one.attempts),
          show({ unit: "ratio" }, one.errorRate),
          one.beforeErrorRate === null ? "no calls" : show({ unit: "ratio" }, one.beforeErrorRate),
          one.breaker,
        ]),
      );

function tracesOf({ affected, events }: IncidentEvidence): string {
  if (affected.items.length === 0) return "None.";
  const rows = affected.items.map((one) => [
    `\`${one.traceId}\``,
    utcMinute(one.at),
    plain(one.model),
    plain(one.endpoint),
    plain(one.errorType),
    one.chosen,
  ]);
  return `${affected.traces} traces with ${affected.spans} spans: ${plain(events)}.\n\n${table(["Trace", "Time", "Model", "Endpoint", "Error", "Chosen as"], rows)}`;
}

const timelineOf = (events: readonly IncidentEvent[]): string =>
  section(
    "Timeline",
    events
      .map(
        ({ at, kind, actor, text }) =>
          `- ${utcMinute(at)}: ${kind} by ${plain(actor.name)}${text === "" ? "" : `. ${plain(text)}`}`,
      )
      .join("\n"),
  );

const commentsOf = (comments: readonly IncidentComment[]): string =>
  section(
    "Comments",
    comments
      .map(
        ({ author, createdAt, text }) =>
          `**${plain(author.name)}**, ${utcMinute(createdAt)}:\n\n${text
            .split("\n")
            .map((line) => `> ${line}`)
            .join("\n")}`,
      )
      .join("\n\n"),
  );
