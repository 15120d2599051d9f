import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { exactPercent, formatBurn, windowWords } from "./slo-words.ts";
import type { Slo, SloStatus } from "./use-slos.ts";

type Burn = SloStatus["burns"][number];
type Alert = SloStatus["alerts"][number];

/** The burn rate of each window, with its interval. */
export const BurnTable = ({ status }: { status: SloStatus }) => (
  <Section
    title="Burn rate now"
    description="At a rate of 1×, the budget lasts exactly as long as the window of the SLO."
    className="overflow-hidden"
  >
    <PlainTable label="Burn rate now" columns={BURN_COLUMNS} rows={status.burns} idOf={({ minutes }) => `${minutes}`} />
  </Section>
);

const BURN_COLUMNS: readonly PlainColumn<Burn>[] = [
  { id: "window", header: "Last", className: "w-full", cell: ({ minutes }) => windowWords(minutes) },
  { id: "rate", header: "Burn rate", isNumber: true, cell: ({ burnRate }) => formatBurn(burnRate) },
  {
    id: "interval",
    header: "95% interval",
    isNumber: true,
    cell: ({ lower, upper }) => (lower === null ? "–" : `${formatBurn(lower)} to ${formatBurn(upper)}`),
  },
  { id: "bad", header: "Bad", isNumber: true, cell: ({ bad, n }) => `${formatCount(bad)} of ${formatCount(n)}` },
];

/** The pairs of windows of the monitor. */
export const AlertTable = ({ slo: { status, alerts } }: { slo: Slo }) => (
  <Section
    title="Alerts"
    description={
      alerts.isEnabled
        ? "A pair fires when its burn rate is exceeded in both windows, with the whole interval."
        : "Alerts are off. The table shows the pairs that would fire."
    }
    className="overflow-hidden"
  >
    <PlainTable
      label="Alerts"
      columns={ALERT_COLUMNS}
      rows={status.alerts}
      idOf={({ longMinutes }) => `${longMinutes}`}
    />
  </Section>
);

const ALERT_COLUMNS: readonly PlainColumn<Alert>[] = [
  {
    id: "windows",
    header: "Windows",
    className: "w-full",
    cell: ({ longMinutes, shortMinutes }) => `${windowWords(longMinutes)} and ${windowWords(shortMinutes)}`,
  },
  { id: "rate", header: "Burn rate", isNumber: true, cell: ({ burnRate }) => `${Number(burnRate.toPrecision(4))}×` },
  { id: "share", header: "Bad share", isNumber: true, cell: ({ badShare }) => exactPercent(badShare) },
  {
    id: "severity",
    header: "Severity",
    isWide: true,
    cell: ({ severity }) => SEVERITY_WORDS[severity],
  },
  {
    id: "state",
    header: "Now",
    cell: ({ isExceeded }) =>
      isExceeded ? (
        <span className="font-medium whitespace-nowrap text-bad">■ exceeded</span>
      ) : (
        <span className="whitespace-nowrap text-muted">○ not exceeded</span>
      ),
  },
];
