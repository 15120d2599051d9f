import { formatBytes, formatCount, formatDuration, formatExactTime, formatPercent } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { RefusedBatches } from "./refused-batches.tsx";
import { type SystemReport, useSystem } from "./use-system.ts";

type Store = SystemReport["stores"][number];

const STATES = {
  starting: { dot: "bg-info", word: "Starting" },
  ok: { dot: "bg-good", word: "OK" },
  degraded: { dot: "bg-warn", word: "Degraded" },
  down: { dot: "bg-bad rounded-[2px]", word: "Down" },
} as const satisfies Record<Store["state"], { dot: string; word: string }>;

const ROLES = {
  postgres: "Keys, members, connections, audit",
  columnar: "Traces and numbers",
  objects: "Files",
  spool: "What waits to be stored",
  inference: "Models of this machine",
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
      <>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className={`size-1.75 rounded-full ${STATES[state].dot}`} />
          {STATES[state].word}
        </span>
        {message && <span className="block text-muted">{message}</span>}
      </>
    ),
  },
  { id: "size", header: "On disk", isNumber: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
];

/** The stores and whether they are well, disk, memory, and what waits to be stored. */
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
        />
        <Gauge
          title="Memory"
          used={report?.memory.residentBytes}
          total={report?.memory.totalBytes}
          note="of the server and its models' process"
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
      ? "nothing waits"
      : `${formatCount(pendingRows)} rows wait, the oldest for ${formatDuration((oldestPendingSeconds ?? 0) * 1_000)}`;
  return droppedRows > 0 ? `${waiting}; ${formatCount(droppedRows)} rows were dropped at the cap` : waiting;
}

type GaugeProps = {
  title: string;
  used: number | undefined;
  total: number | undefined;
  note: string | undefined;
  isTightAt: number;
};

function Gauge({ title, used, total, note, isTightAt }: GaugeProps) {
  const share = used === undefined || !total ? undefined : used / total;
  const isTight = share !== undefined && share >= isTightAt;
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
              <span className={`float-right pt-1 ${isTight ? "font-medium text-warn" : "text-muted"}`}>
                {formatPercent(share)}
                {isTight && " (tight)"}
              </span>
            </p>
            <ProgressBar label={title} value={share} tone={isTight ? "warn" : "accent"} className="mt-2" />
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
