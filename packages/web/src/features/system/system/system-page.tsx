import { ProgressBar } from "../../../components/feedback/progress-bar.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import {
  formatBytes,
  formatDuration,
  formatExactTime,
  formatNumberOf,
  formatPercent,
} from "../../../components/text/format.ts";
import { RefusedBatches } from "./refused-batches.tsx";
import { type SystemReport, useSystem } from "./use-system.ts";

type Store = SystemReport["stores"][number];

const STATES = {
  starting: { dot: "bg-info", word: "Starting", text: "text-muted" },
  ok: { dot: "bg-good", word: "OK", text: "text-muted" },
  degraded: { dot: "bg-warn", word: "Degraded", text: "text-muted" },
  down: { dot: "bg-bad rounded-[2px]", word: "Down", text: "" },
  full: { dot: "bg-bad rounded-[2px]", word: "Full", text: "" },
  damaged: { dot: "bg-bad rounded-[2px]", word: "Damaged", text: "" },
} as const satisfies Record<Store["state"], { dot: string; word: string; text: string }>;

const ROLES = {
  postgres: "Keys, members, connections, audit",
  columnar: "Traces and metrics",
  objects: "Files",
  spool: "Rows waiting to be stored",
  inference: "Local models",
  disk: "Space for all of the above",
} as const satisfies Record<Store["name"], string>;

const COLUMNS: readonly PlainColumn<Store>[] = [
  {
    id: "name",
    header: "Store",
    cell: ({ name }) => (
      <span className="block py-1">
        <span className="font-medium">{name}</span>
        <span className="block text-muted">{ROLES[name]}</span>
      </span>
    ),
  },
  { id: "engine", header: "Engine", isWide: true, cell: ({ engine }) => engine },
  {
    id: "state",
    header: "State",
    cell: ({ state, message }) => (
      <span className="block py-1">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className={`size-1.75 rounded-full ${STATES[state].dot}`} />
          {STATES[state].word}
        </span>
        {message && <span className={`block ${STATES[state].text}`}>{message}</span>}
      </span>
    ),
  },
  { id: "size", header: "On disk", isNumber: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
];

/** The health of the stores, disk, memory and spool. */
export function SystemPage() {
  const system = useSystem();
  const report = system.data;
  if (system.error && !report)
    return (
      <ErrorState
        error={system.error}
        retry={() => system.refetch()}
        title="The state of the system could not be loaded"
      />
    );
  return (
    <>
      <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Gauge
          title="Disk"
          used={report && report.disk.totalBytes - report.disk.freeBytes}
          total={report?.disk.totalBytes}
          note={report && `${formatBytes(report.disk.freeBytes)} free`}
          isTightAt={0.9}
          isFull={report?.stores.some(({ name, state }) => name === "disk" && state === "full")}
        />
        <Gauge
          title="Memory"
          used={report?.memory.residentBytes}
          total={report?.memory.totalBytes}
          note="of the server and the model process"
          isTightAt={0.8}
        />
        <Gauge
          title="Spool"
          used={report?.spool.pendingBytes}
          total={report?.spool.capBytes}
          note={report && spoolNote(report.spool)}
          isTightAt={0.5}
        />
      </div>
      <Section title="Stores">
        <PlainTable label="Stores" columns={COLUMNS} rows={report?.stores} idOf={({ name }) => name} />
      </Section>
      <RefusedBatches />
      {report && <Facts report={report} />}
    </>
  );
}

function spoolNote({ pendingRows, oldestPendingSeconds, droppedRows }: SystemReport["spool"]): string {
  const waiting =
    pendingRows === 0
      ? "no rows waiting"
      : `${formatNumberOf(pendingRows, "row")} waiting, the oldest for ${formatDuration((oldestPendingSeconds ?? 0) * 1_000)}`;
  return droppedRows > 0 ? `${waiting}; ${formatNumberOf(droppedRows, "row")} dropped at the limit` : waiting;
}

type GaugeProps = {
  title: string;
  used: number | undefined;
  total: number | undefined;
  note: string | undefined;
  isTightAt: number;
  isFull?: boolean | undefined;
};

const GAUGE_TEXTS = {
  accent: { look: "text-muted", note: "" },
  warn: { look: "font-medium text-warn", note: " (tight)" },
  bad: { look: "font-medium text-bad", note: " (full)" },
} as const;

function Gauge({ title, used, total, note, isTightAt, isFull }: GaugeProps) {
  const share = used === undefined || !total ? undefined : used / total;
  const tone = isFull ? "bad" : share !== undefined && share >= isTightAt ? "warn" : "accent";
  return (
    <Section title={title}>
      <div className="px-4 pb-4">
        {share === undefined ? (
          <Skeleton className="h-14" />
        ) : (
          <>
            <p className="num">
              <span className="text-lg font-semibold">{formatBytes(used ?? 0)}</span>{" "}
              <span className="text-muted">of {formatBytes(total ?? 0)}</span>
              <span className={`float-right pt-1 ${GAUGE_TEXTS[tone].look}`}>
                {formatPercent(share)}
                {GAUGE_TEXTS[tone].note}
              </span>
            </p>
            <ProgressBar label={title} value={share} tone={tone} className="mt-2" />
            <p className="num mt-2 text-xs text-muted">{note}</p>
          </>
        )}
      </div>
    </Section>
  );
}

function Facts({ report }: { report: SystemReport }) {
  const facts = [
    ["Version", report.version],
    [
      "Running since",
      `${formatExactTime(report.startedAt)} (${formatDuration(Date.now() - Date.parse(report.startedAt))})`,
    ],
    ["Node.js", report.node],
    ["Data folder", report.dataFolder],
  ] as const;
  return (
    <Section title="Server">
      <dl className="num divide-y divide-line border-line border-t">
        {facts.map(([label, value]) => (
          <div key={label} className="flex flex-wrap gap-x-4 px-4 py-2">
            <dt className="w-40 text-muted">{label}</dt>
            <dd className="min-w-0 break-words [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
