import { Link } from "@tanstack/react-router";
import { ChartNoAxesColumn } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
  formatNumberOf,
  formatPercent,
} from "../../../../components/text/format.ts";
import { isRelative, type RangeSearch } from "../../../../components/time/time-range.ts";
import { TimeRangePicker } from "../../../../components/time/time-range-picker.tsx";
import { VersionLabels } from "../shared/label-chip.tsx";
import type { PromptSearch } from "../shared/prompt-search.ts";
import { type Prompt, type PromptStats, usePromptStats, usePromptUses } from "../shared/use-prompts.ts";

type PanelProps = { prompt: Prompt; search: PromptSearch; change: (next: PromptSearch) => void };

/** A prompt is looked back on over a longer time than a trace is. */
const rangeOf = ({ range, from, to }: RangeSearch): RangeSearch =>
  isRelative({ from, to }) ? { range: range ?? "30d" } : { from, to };

/** How each version did, and who uses the prompt. */
export function UsagePanel({ prompt, search, change }: PanelProps) {
  const range = rangeOf(search);
  const stats = usePromptStats(prompt.name, range);
  return (
    <div className="flex flex-col gap-4">
      <Section
        title="By version"
        description="Gateway calls with this prompt and spans that name it."
        action={<TimeRangePicker value={range} onChange={change} />}
      >
        {stats.error && !stats.data ? (
          <ErrorState error={stats.error} retry={() => stats.refetch()} title="The usage could not be loaded" />
        ) : stats.data?.items.length === 0 ? (
          <EmptyState title="Not used in this time range" icon={<ChartNoAxesColumn size={22} />}>
            Calls that use the prompt appear here by version, with their cost, latency and scores.
          </EmptyState>
        ) : (
          <StatsTable prompt={prompt} range={range} rows={stats.data?.items} />
        )}
      </Section>
      <Uses prompt={prompt} range={range} />
    </div>
  );
}

type Row = PromptStats["items"][number];
type StatsProps = { prompt: Prompt; range: RangeSearch; rows: readonly Row[] | undefined };

function StatsTable({ prompt, range, rows }: StatsProps) {
  const filter = (version: number) => `prompt:${JSON.stringify(prompt.name)} promptVersion:${version}`;
  const columns: readonly PlainColumn<Row>[] = [
    {
      id: "version",
      header: "Version",
      cell: ({ version }) => (
        <span className="flex flex-wrap items-center gap-1">
          <span className="num font-medium">v{version}</span>
          <VersionLabels prompt={prompt} version={version} />
        </span>
      ),
    },
    {
      id: "requests",
      header: "Calls",
      isNumber: true,
      cell: ({ version, requests }) => (
        <Link
          to="/traces"
          search={{ ...range, view: "spans", filter: filter(version) }}
          className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {formatCount(requests)}
        </Link>
      ),
    },
    {
      id: "errors",
      header: "Failed",
      isNumber: true,
      cell: ({ errors, requests }) =>
        errors === 0 ? "0" : <span className="text-bad">{formatPercent(errors / requests)}</span>,
    },
    {
      id: "cost",
      header: "Cost per call",
      isNumber: true,
      cell: ({ costUsd, requests }) => (
        <span title={costUsd === null ? "No price available" : `${formatMoney(costUsd)} in total`}>
          {formatMoney(costUsd === null || requests === 0 ? null : costUsd / requests)}
        </span>
      ),
    },
    { id: "p50", header: "Latency p50", isNumber: true, cell: ({ latencyP50Ms }) => formatDuration(latencyP50Ms) },
    {
      id: "p95",
      header: "p95",
      isNumber: true,
      isWide: true,
      cell: ({ latencyP95Ms }) => formatDuration(latencyP95Ms),
    },
    {
      id: "first",
      header: "First token p50",
      isNumber: true,
      isWide: true,
      cell: ({ timeToFirstTokenP50Ms }) => formatDuration(timeToFirstTokenP50Ms),
    },
    {
      id: "tokens",
      header: "Tokens per call",
      isNumber: true,
      isWide: true,
      cell: ({ inputTokens, outputTokens, requests }) =>
        `${formatCompact(Math.round(inputTokens / Math.max(1, requests)))} → ${formatCompact(Math.round(outputTokens / Math.max(1, requests)))}`,
    },
    { id: "scores", header: "Scores", cell: ({ scores }) => <Scores scores={scores} /> },
    { id: "last", header: "Last call", isWide: true, cell: ({ lastUsedAt }) => <AgoCell iso={lastUsedAt} /> },
  ];
  return <PlainTable label="By version" columns={columns} rows={rows} idOf={({ version }) => String(version)} />;
}

/** Two standard errors to each side: about 95 of 100 such intervals hold the mean. */
const SIGMAS = 1.96;

function Scores({ scores }: { scores: Row["scores"] }) {
  if (scores.length === 0)
    return (
      <span aria-hidden className="text-faint">
        –
      </span>
    );
  return (
    <span className="num flex flex-col text-xs">
      {scores.map(({ name, mean, standardError, n }) => (
        <span key={name} className="whitespace-nowrap" title={`${formatNumberOf(n, "score")}`}>
          <span className="text-muted">{name}</span> {mean.toFixed(2)}
          {standardError !== null && <span className="text-muted"> ± {(SIGMAS * standardError).toFixed(2)}</span>}
          <span className="text-muted"> n {formatCount(n)}</span>
        </span>
      ))}
    </span>
  );
}

/** The prompts, endpoints, services and calls that use this one. */
function Uses({ prompt, range }: { prompt: Prompt; range: RangeSearch }) {
  const uses = usePromptUses(prompt.name, range);
  if (uses.error && !uses.data)
    return <ErrorState error={uses.error} retry={() => uses.refetch()} title="The usage could not be loaded" />;
  if (!uses.data) return <Skeleton className="h-30 w-full" />;
  const { prompts, endpoints, services, traces } = uses.data;
  const isUnused = prompts.length + endpoints.length + services.length + traces.length === 0;
  return (
    <Section title="Used by">
      {isUnused ? (
        <p className="px-4 pb-4 text-muted">No prompt includes it, and no call used it in this time range.</p>
      ) : (
        <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-3 px-4 pb-4 max-sm:grid-cols-1 max-sm:gap-y-1">
          <Group label="Prompts" isShown={prompts.length > 0}>
            {prompts.map(({ name, version, include, isCurrent }) => (
              <li key={`${name} ${version} ${include}`} className={isCurrent ? "" : "text-muted"}>
                <Link
                  to="/prompts/$name"
                  params={{ name }}
                  search={{ version: String(version) }}
                  className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
                >
                  {name} v{version}
                </Link>{" "}
                includes <code className="text-xs">{include}</code>
                {!isCurrent && ", an older version"}
              </li>
            ))}
          </Group>
          <Group label="Endpoints" isShown={endpoints.length > 0}>
            {endpoints.map(({ endpoint, requests, lastUsedAt }) => (
              <Counted key={endpoint} name={endpoint} requests={requests} lastUsedAt={lastUsedAt} />
            ))}
          </Group>
          <Group label="Services" isShown={services.length > 0}>
            {services.map(({ service, requests, lastUsedAt }) => (
              <Counted key={service} name={service} requests={requests} lastUsedAt={lastUsedAt} />
            ))}
          </Group>
          <Group label="Newest calls" isShown={traces.length > 0}>
            {traces.map(({ traceId, spanId, version, time }) => (
              <li key={spanId}>
                <Link
                  to="/traces/$traceId"
                  params={{ traceId }}
                  search={{ span: spanId }}
                  className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
                >
                  <code className="text-xs">{traceId.slice(0, 12)}…</code>
                </Link>{" "}
                <span className="num">v{version}</span> <AgoCell iso={time} />
              </li>
            ))}
          </Group>
        </dl>
      )}
    </Section>
  );
}

function Group({ label, isShown, children }: { label: string; isShown: boolean; children: ReactNode }) {
  if (!isShown) return null;
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">
        <ul aria-label={label} className="flex flex-col gap-1 [overflow-wrap:anywhere]">
          {children}
        </ul>
      </dd>
    </>
  );
}

function Counted({ name, requests, lastUsedAt }: { name: string; requests: number; lastUsedAt: string }) {
  return (
    <li>
      <code className="text-xs">{name}</code>{" "}
      <span className="num text-muted">
        {formatNumberOf(requests, "call")}, <AgoCell iso={lastUsedAt} />
      </span>
    </li>
  );
}
