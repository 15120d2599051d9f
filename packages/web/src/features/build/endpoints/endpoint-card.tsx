import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatDuration, formatPercent } from "../../../components/text/format.ts";
import { EndpointMenu } from "./endpoint-menu.tsx";
import { assignWords, criteriaWords, groupsOf, ruleWords, STRATEGY_WORDS } from "./routing-draft.ts";
import { SemanticCacheRow } from "./semantic-cache-row.tsx";
import type { Endpoint } from "./use-endpoints.ts";
import { wordsOf } from "./variant-settings.tsx";

type CardProps = { endpoint: Endpoint; onEdit: (() => void) | undefined };

/** An endpoint: its variants, how one is chosen, and what is tried after a failure. */
export function EndpointCard({ endpoint, onEdit }: CardProps) {
  const { name, description, rules, cacheTtlSeconds, semanticCache } = endpoint;
  const action = <CardActions endpoint={endpoint} onEdit={onEdit} />;
  return (
    <Section title={name} description={description || undefined} action={action}>
      <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-6 gap-y-2 px-4 pb-4 max-sm:grid-cols-1">
        <VariantRows endpoint={endpoint} />
        {rules.length > 0 && <RulesRow rules={rules} />}
        <FailureRows endpoint={endpoint} />
        {cacheTtlSeconds > 0 && (
          <Row label="Exact cache">
            <span className="num">for {formatDuration(cacheTtlSeconds * 1_000)}</span>
          </Row>
        )}
        {semanticCache && <SemanticCacheRow endpoint={endpoint} canWrite={onEdit !== undefined} />}
      </div>
    </Section>
  );
}

const CardActions = ({ endpoint, onEdit }: CardProps) => (
  <>
    <Link
      to="/traces"
      search={{ endpoint: endpoint.name, view: "spans" }}
      className="mr-1 text-muted underline-offset-2 hover:text-text hover:underline"
    >
      View calls
    </Link>
    <ReplayLink endpoint={endpoint} />
    {onEdit && <Button onClick={onEdit}>Edit</Button>}
    <EndpointMenu endpoint={endpoint} canWrite={onEdit !== undefined} />
  </>
);

/** Sends recorded calls of the endpoint through a variant. */
const ReplayLink = ({ endpoint: { endpointId, name } }: Pick<CardProps, "endpoint">) => (
  <Link
    to="/replays/new"
    search={{ endpoint: endpointId, filter: `endpoint:${JSON.stringify(name)}` }}
    className="mr-1 text-muted underline-offset-2 hover:text-text hover:underline"
  >
    Replay calls
  </Link>
);

/** The variants, and how one is chosen if there are several. */
function VariantRows({ endpoint }: Pick<CardProps, "endpoint">) {
  const { variants, strategy, assignBy } = endpoint;
  const hasChoice = variants.length > 1;
  return (
    <>
      <Row label="Variants">
        <ul className="num flex flex-col gap-1.5">
          {variants.map((variant) => (
            <VariantLine key={variant.name} endpoint={endpoint} variant={variant} />
          ))}
        </ul>
      </Row>
      {hasChoice && strategy !== "weight" && <Row label="Chosen by">{STRATEGY_WORDS[strategy]}</Row>}
      {hasChoice && <Row label="Assigned by">{assignWords(assignBy, strategy)}</Row>}
    </>
  );
}

const RulesRow = ({ rules }: Pick<Endpoint, "rules">) => (
  <Row label="Rules">
    <ol className="flex flex-col gap-1">
      {rules.map((rule) => (
        <li key={JSON.stringify(rule)} className="break-words">
          {ruleWords(rule)}
        </li>
      ))}
    </ol>
  </Row>
);

/** What is tried after a variant fails. */
const FailureRows = ({ endpoint: { variants, failover, fallbacks } }: Pick<CardProps, "endpoint">) => (
  <>
    {variants.length > 1 && failover === "variants" && <Row label="After a failure">The other variants</Row>}
    {fallbacks.length > 0 && (
      <Row label="Fallbacks">
        <Fallbacks fallbacks={fallbacks} />
      </Row>
    )}
  </>
);

const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <span className="text-muted">{label}</span>
    <div className="min-w-0">{children}</div>
  </>
);

type Variant = Endpoint["variants"][number];

function VariantLine({ endpoint, variant }: { endpoint: Endpoint; variant: Variant }) {
  const share = shareOf(endpoint, variant);
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <span className="w-64 min-w-0 shrink truncate" title={`${variant.name}: ${variant.model}`}>
        {variant.name} <code className="ml-1 text-xs text-muted">{variant.model}</code>
      </span>
      {share !== null && endpoint.strategy === "weight" && (
        <span aria-hidden className="h-1.5 w-32 overflow-hidden rounded-full bg-raised max-sm:hidden">
          <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span>{shareWords(endpoint, variant, share)}</span>
      <span className="text-xs break-all text-muted">{settingsOf(variant)}</span>
    </li>
  );
}

/** Groups of alternatives, one after the other, each model with the failures after which it is tried. */
const Fallbacks = ({ fallbacks }: Pick<Endpoint, "fallbacks">) => (
  <ol className="flex flex-wrap gap-x-2 gap-y-1">
    {groupsOf(fallbacks).map((group, nth) =>
      group.map(({ model, on }, place) => (
        <li key={model} className="flex flex-wrap items-baseline gap-x-2">
          {(nth > 0 || place > 0) && <span className="text-muted">{place > 0 ? "or" : "then"}</span>}
          <code className="text-xs break-all">{model}</code>
          <span className="text-xs text-muted empty:hidden">{criteriaWords(on)}</span>
        </li>
      )),
    )}
  </ol>
);

/** The share of units that a variant gets now: in a rollout the candidate's comes first, and the others divide the rest. Null if it depends on measurements. */
function shareOf({ variants, rollout, strategy }: Endpoint, { name, weight, priority }: Variant): number | null {
  if (rollout?.candidate === name) return rollout.share;
  const weighted = variants.filter((variant) => variant.weight > 0);
  const lowest = Math.min(...weighted.map((variant) => variant.priority));
  if (weight === 0 || priority > lowest) return 0;
  const first = weighted.filter((variant) => variant.priority === lowest);
  const total = first.reduce((sum, variant) => sum + variant.weight, 0);
  if (strategy !== "weight" && first.length > 1) return null;
  return (weight / total) * (1 - (rollout?.share ?? 0));
}

function shareWords({ rollout, rules }: Endpoint, { name, weight, priority }: Variant, share: number | null): string {
  if (share === null) return `weight ${weight}`;
  if (rollout?.candidate === name) return `${formatPercent(share)}, in a rollout`;
  if (share > 0) return formatPercent(share);
  if (weight > 0 && priority > 1) return "after failures";
  return rules.some(({ variants }) => variants.includes(name)) ? "by rule only" : "never";
}

const settingsOf = (variant: Variant) => wordsOf(variant).replace(/^Settings(: )?/, "");
