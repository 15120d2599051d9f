import { Link } from "@tanstack/react-router";
import type { BurnWindows } from "@treadle/contract";
import type { ReactNode } from "react";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import {
  conditionWords,
  durationWords,
  everyWords,
  falseAlarmWords,
  holdWords,
  recoveryWords,
  sourceWords,
  unitOfSource,
} from "../shared/monitor-words.ts";
import type { Monitor } from "../shared/use-monitors.ts";

const NO_DATA: Readonly<Record<Monitor["onNoData"], string>> = {
  show: "show the state",
  notify: "notify",
  ok: "count as OK",
  keep: "keep the last state",
};

/** The settings in words, the labels and the runbook. */
export function MonitorSettings({ monitor }: { monitor: Monitor }) {
  const { description, labels, runbookUrl } = monitor;
  return (
    <Section title="Settings">
      <div className="flex flex-col gap-3 px-4 pb-4">
        {description && <p className="whitespace-pre-line text-pretty [overflow-wrap:anywhere]">{description}</p>}
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5">
          <SettingRows monitor={monitor} />
          {Object.keys(labels).length > 0 && (
            <Row label="Labels">
              <Labels labels={labels} />
            </Row>
          )}
          {runbookUrl && (
            <Row label="Runbook">
              <a href={runbookUrl} target="_blank" rel="noreferrer" className="text-accent break-all hover:underline">
                {runbookUrl}
              </a>
            </Row>
          )}
        </dl>
      </div>
    </Section>
  );
}

function SettingRows({ monitor }: { monitor: Monitor }) {
  const { source, condition, windowSeconds, everySeconds, holdFor, recoverAfterSeconds, onNoData } = monitor;
  return (
    <>
      <Row label="Measure">{source.kind === "sql" ? <Sql sql={source.sql} /> : <Measured source={source} />}</Row>
      <Row label="Fires if">{conditionWords(condition, unitOfSource(source))}</Row>
      {condition.kind === "burn" ? (
        <Row label="Windows">{burnWords(condition.windows)}</Row>
      ) : (
        <Row label="Window">{durationWords(windowSeconds)}</Row>
      )}
      {condition.kind === "change" && condition.learnSince && (
        <Row label="Learns">
          from values since <AgoCell iso={condition.learnSince} />
        </Row>
      )}
      <Row label="Evaluated">
        {everyWords(everySeconds)}, last <AgoCell iso={monitor.evaluatedAt} />
      </Row>
      <Row label="Fires after">{holdWords(holdFor)}</Row>
      <Row label="Recovers">{recoveryWords(recoverAfterSeconds)}</Row>
      <Row label="Without data">{NO_DATA[onNoData]}</Row>
      <Row label="False alarms">{falseAlarmWords(monitor.expectedFalseAlarms)}</Row>
      <Row label="Created">
        <AgoCell iso={monitor.createdAt} /> by {monitor.createdBy}
      </Row>
    </>
  );
}

const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="contents">
    <dt className="text-muted">{label}</dt>
    <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
  </div>
);

const Measured = ({ source }: { source: Extract<Monitor["source"], { kind: "measure" }> }) => (
  <>
    {sourceWords(source)}
    {source.groupBy && `, at most ${formatNumberOf(source.seriesLimit, "series", "series")}`}{" "}
    <Link
      to="/traces"
      search={{ view: "spans", ...(source.filter && { filter: source.filter }) }}
      className="whitespace-nowrap text-accent underline underline-offset-2"
    >
      Traces
    </Link>
  </>
);

const Sql = ({ sql }: { sql: string }) => (
  <pre className="max-h-48 overflow-auto rounded-control bg-raised p-2 font-mono text-xs whitespace-pre-wrap">
    {sql}
  </pre>
);

const Labels = ({ labels }: { labels: Monitor["labels"] }) => (
  <span className="flex flex-wrap gap-1">
    {Object.entries(labels).map(([name, value]) => (
      <span key={name} className="rounded border border-line bg-raised px-1.5 text-xs [overflow-wrap:anywhere]">
        {name}: {value}
      </span>
    ))}
  </span>
);

/** The pairs of windows: `14.4 times in 1 hour and 5 minutes`. */
const burnWords = (windows: readonly BurnWindows[]): string =>
  windows
    .map(
      ({ burnRate, longMinutes, shortMinutes }) =>
        `${burnRate} times in ${durationWords(longMinutes * 60)} and ${durationWords(shortMinutes * 60)}`,
    )
    .join("; ");
