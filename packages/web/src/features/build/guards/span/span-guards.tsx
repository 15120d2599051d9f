import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatDuration } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { ActionBadge, OutcomeBadge } from "../shared/action-badge.tsx";
import { kindWords, viewWords } from "../shared/guard-words.ts";
import { scoreWords } from "../shared/score-words.ts";
import { usePolicy } from "../shared/use-guards.ts";
import { CheckList } from "./check-list.tsx";
import {
  type Attributes,
  type GuardFacts,
  readCheckFacts,
  readGuardFacts,
  readStageChecks,
  readStageFacts,
  reasonLabel,
  type SpanFinding,
} from "./read-guard-facts.ts";

/** What the guards of a call, a stage of it or one check found; nothing for other spans. */
export function SpanGuards({ attributes }: { attributes: Attributes }) {
  const checks = readStageChecks(attributes);
  const facts = readGuardFacts(attributes) ?? readCheckFacts(attributes) ?? readStageFacts(attributes);
  if (!facts) return null;
  const title = checks ? "Checks" : "Guards";
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs text-muted">{title}</h3>
      <div className="card divide-y divide-line">
        <Summary facts={facts} />
        {checks && <CheckList checks={checks} />}
        <Findings findings={facts.findings} />
        {facts.missed.map(({ rule, reason, places }) => (
          <p key={`${rule} ${reason}`} className="px-3 py-1.5">
            Not scanned by rule {rule + 1}: {reasonLabel(reason).toLowerCase()}
            <Places places={places} />
          </p>
        ))}
      </div>
    </section>
  );
}

const Summary = ({ facts: { policyId, version, action, ms } }: { facts: GuardFacts }) => (
  <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
    <OutcomeBadge action={action} />
    <span className="min-w-0 [overflow-wrap:anywhere]">
      <PolicyLink policyId={policyId} />
      {version !== null && <span className="num text-muted">, version {version}</span>}
    </span>
    {ms !== null && <span className="num ml-auto text-muted">{formatDuration(ms)}</span>}
  </p>
);

function PolicyLink({ policyId }: { policyId: string }) {
  const canRead = useProject().can("guards:read");
  const { data, error } = usePolicy(policyId, canRead);
  if (!canRead || error) return <code className="text-xs">{policyId}</code>;
  return (
    <Link
      to="/guards/$policyId"
      params={{ policyId }}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {data?.name ?? policyId}
    </Link>
  );
}

/** The rest shows on demand. */
const FEW = 5;

function Findings({ findings }: { findings: readonly SpanFinding[] }) {
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? findings : findings.slice(0, FEW);
  return (
    <>
      {shown.map((finding) => (
        <FindingLine key={`${finding.rule} ${finding.kind}`} finding={finding} />
      ))}
      {shown.length < findings.length && (
        <p className="px-3 py-1.5">
          <button type="button" onClick={() => setIsAll(true)} className="text-xs text-accent hover:underline">
            Show {findings.length - shown.length} more
          </button>
        </p>
      )}
    </>
  );
}

function FindingLine({
  finding: { rule, detector, kind, action, count, score, views, places },
}: {
  finding: SpanFinding;
}) {
  const hidden = views.filter((view) => view !== "text").map(viewWords);
  return (
    <div className="px-3 py-1.5">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="[overflow-wrap:anywhere]">
          {kindWords(kind, detector)}
          {count > 1 && <span className="num text-muted"> ×{count}</span>}
        </span>
        <ActionBadge action={action} />
        <span className="num ml-auto text-xs text-muted">
          rule {rule + 1}, score {scoreWords(score)}
          {hidden.length > 0 && `, ${hidden.join(", ")}`}
        </span>
      </p>
      <Places places={places} />
    </div>
  );
}

/** The texts, such as `User, messages.0.content`. */
const Places = ({ places }: { places: readonly string[] }) =>
  places.length > 0 && <span className="block text-xs text-muted [overflow-wrap:anywhere]">{places.join("; ")}</span>;
