import type { AnnotationTrigger } from "@treadle/contract";
import { Pause, Play, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatNumberOf, formatPercent, formatTime } from "../../../../components/text/format.ts";
import { DriftReport } from "./drift-report.tsx";
import { columnWords, describeLook, OUTCOME_LOOKS } from "./drift-words.ts";
import { RuleForm } from "./rule-form.tsx";
import { type Rule, useRuleChanges, useRules } from "./use-rules.ts";

/** The rules that add traces to the queue automatically. */
export function RulesSection({ queueId }: { queueId: string }) {
  const rules = useRules(queueId);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Section
      title="Rules"
      description="Rules add traces to the queue automatically."
      action={
        <Button size="small" onClick={() => setIsAdding(true)}>
          <Plus aria-hidden size={14} /> New rule
        </Button>
      }
    >
      {rules.error && !rules.data ? (
        <ErrorState error={rules.error} retry={() => rules.refetch()} title="The rules could not be loaded" />
      ) : !rules.data ? (
        <Skeleton className="mx-4 mb-4 h-10" />
      ) : rules.data.items.length === 0 ? (
        <p className="px-4 pb-4 text-muted">
          No rules yet. A rule can add traces with low scores, judge disagreement, negative feedback or drift, or a
          sample of all traces.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {rules.data.items.map((rule) => (
            <RuleItem key={rule.ruleId} rule={rule} />
          ))}
        </ul>
      )}
      {isAdding && <RuleForm queueId={queueId} close={() => setIsAdding(false)} />}
    </Section>
  );
}

function RuleItem({ rule }: { rule: Rule }) {
  const { queueId, ruleId, name, trigger, isEnabled, added, addedToday, mostPerDay, lastError } = rule;
  const { update, remove } = useRuleChanges(queueId);
  const toggle = () =>
    update.mutate(
      { ruleId, isEnabled: !isEnabled },
      { onSuccess: () => toastDone(`${isEnabled ? "Paused" : "Resumed"} ${name}`) },
    );
  return (
    <li className="flex flex-wrap items-start gap-2 px-4 py-2">
      <div className="min-w-0 grow basis-0">
        <p className="font-medium [overflow-wrap:anywhere]">
          {name} {!isEnabled && <span className="font-normal text-muted">● paused</span>}
        </p>
        <p className="num text-xs text-muted [overflow-wrap:anywhere]">
          {wordsOf(trigger)} · {formatCount(addedToday)} of {formatCount(mostPerDay)} today, {formatCount(added)} in
          total
        </p>
        {lastError && <p className="text-xs text-warn [overflow-wrap:anywhere]">{lastError}</p>}
      </div>
      <IconButton label={isEnabled ? `Pause ${name}` : `Resume ${name}`} size="small" onClick={toggle}>
        {isEnabled ? <Pause size={14} /> : <Play size={14} />}
      </IconButton>
      <IconButton
        label={`Delete ${name}`}
        size="small"
        onClick={() => remove.mutate(ruleId, { onSuccess: () => toastDone(`Deleted ${name}. Its items stay`) })}
      >
        <Trash2 size={14} />
      </IconButton>
      {rule.drift && <DriftStanding record={rule.drift} />}
    </li>
  );
}

/** The results of a drift rule: the last window in one line, and details by column. */
function DriftStanding({ record: { looks, alarms, last, nextAt } }: { record: NonNullable<Rule["drift"]> }) {
  if (!last) return <p className="basis-full text-xs text-muted">The first test has not finished yet.</p>;
  return (
    <details className="num min-w-0 basis-full text-xs text-muted">
      <summary className="cursor-pointer [overflow-wrap:anywhere]">
        <span className={OUTCOME_LOOKS[last.outcome].look}>● {describeLook(last)}</span> {formatCount(alarms)} of{" "}
        {formatNumberOf(looks, "window")} drifted. Next test: {formatTime(nextAt)}.
      </summary>
      <div className="py-2 text-sm text-text">
        <DriftReport report={last} />
      </div>
    </details>
  );
}

function wordsOf(trigger: AnnotationTrigger): string {
  const where = trigger.filter ? ` where ${trigger.filter}` : "";
  switch (trigger.kind) {
    case "arrivals":
      return `${formatPercent(trigger.share)} of new traces${where}`;
    case "novelty":
      return `Similarity to the last ${trigger.days} days below ${trigger.below}${where}`;
    case "drift":
      return `${trigger.columns.map(columnWords).join(", ")}: ${trigger.windowHours}-hour windows, compared with the ${trigger.referenceDays} days before, at most ${formatPercent(trigger.alpha)} false alarms${where}`;
    case "score": {
      const bounds = [
        trigger.below !== null && `below ${trigger.below}`,
        trigger.above !== null && `above ${trigger.above}`,
      ].filter(Boolean);
      return `${trigger.score} ${bounds.join(" or ")}${where}`;
    }
    case "disagreement":
      return `${trigger.scores.join(" and ")} differ by ${trigger.by} or more${where}`;
    case "feedback":
      return `Feedback ${trigger.names.join(", ")} below ${trigger.below}${where}`;
    default:
      return trigger satisfies never;
  }
}
