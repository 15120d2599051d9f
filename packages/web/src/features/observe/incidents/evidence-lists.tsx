import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import { PathLink } from "./path-link.tsx";
import type { Evidence } from "./use-incidents.ts";

type Props = { evidence: Evidence };

/** Changes in the time range or shortly before it, newest first. */
export const ChangeList = ({ evidence: { changes } }: Props) => (
  <Section title="What changed" description={changes.length === 0 ? "No change was recorded in this time." : undefined}>
    {changes.length > 0 && (
      <ol
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable to be scrolled by keyboard.
        tabIndex={0}
        className="flex max-h-80 flex-col gap-2 overflow-y-auto px-4 pb-4 focus-visible:-outline-offset-2"
      >
        {changes.map(({ at, kind, title, actor, path, isRelated }) => (
          <li key={`${at} ${kind} ${title}`} className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
            <TimeCell iso={at} />
            <p className="min-w-0 [overflow-wrap:anywhere]">
              {path ? <PathLink path={path}>{title}</PathLink> : title}
              {actor && <span className="text-muted"> by {actor}</span>}
              {isRelated && <span className="ml-2 text-xs text-warn">● names the segment</span>}
            </p>
          </li>
        ))}
      </ol>
    )}
  </Section>
);

/** What a person can do next. */
export const SuggestionList = ({ evidence: { suggestions } }: Props) => (
  <Section
    title="Suggestions"
    description={suggestions.length === 0 ? "Nothing to undo or to bisect was found." : undefined}
  >
    {suggestions.length > 0 && (
      <ul className="flex flex-col gap-3 px-4 pb-4">
        {suggestions.map(({ kind, title, text, path }) => (
          <li key={`${kind} ${title}`} className="min-w-0">
            <PathLink path={path} className="font-medium">
              {title}
            </PathLink>
            <p className="text-muted text-pretty [overflow-wrap:anywhere]">{text}</p>
          </li>
        ))}
      </ul>
    )}
  </Section>
);

export const DriftList = ({ evidence: { drift } }: Props) =>
  drift.length === 0 ? null : (
    <Section title="Drift">
      <ul className="flex flex-col gap-2 px-4 pb-4">
        {drift.map(({ title, at, path }) => (
          <li key={path} className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
            <TimeCell iso={at} />
            <PathLink path={path}>{title}</PathLink>
          </li>
        ))}
      </ul>
    </Section>
  );

type Provider = Evidence["providers"][number];

/** Attempts and failures of each model of each connection. */
export const ProviderTable = ({ evidence: { providers } }: Props) =>
  providers.length === 0 ? null : (
    <Section
      title="Providers"
      description="Attempts in the affected time range, and their error rate in the time before."
    >
      <PlainTable
        label="Providers"
        columns={PROVIDER_COLUMNS}
        rows={providers}
        idOf={({ connection, provider, model }) => `${connection} ${provider} ${model}`}
      />
    </Section>
  );

const PROVIDER_COLUMNS: readonly PlainColumn<Provider>[] = [
  {
    id: "model",
    header: "Model",
    className: "w-full min-w-40",
    cell: ({ connection, provider, model }) => (
      <span className="flex min-w-0 flex-col">
        <span className="[overflow-wrap:anywhere]">{model}</span>
        <span className="text-xs text-muted">{connection || provider || "unknown provider"}</span>
      </span>
    ),
  },
  { id: "attempts", header: "Attempts", isNumber: true, cell: ({ attempts }) => formatCount(attempts) },
  { id: "rate", header: "Error rate", isNumber: true, cell: ({ errorRate }) => formatPercent(errorRate) },
  {
    id: "before",
    header: "Before",
    isNumber: true,
    cell: ({ beforeErrorRate }) => (beforeErrorRate === null ? "–" : formatPercent(beforeErrorRate)),
  },
  {
    id: "breaker",
    header: "Circuit breaker",
    isWide: true,
    cell: ({ breaker }) => <span className={breaker === "closed" ? "text-muted" : "text-bad"}>{breaker}</span>,
  },
];
