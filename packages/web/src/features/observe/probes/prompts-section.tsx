import { useState } from "react";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { formatEvidence } from "./probe-state.tsx";
import { type Probe, type ProbePrompt, useProbePrompts } from "./use-probes.ts";

const FIRST = 8;
const KINDS = { border: "border", logprobs: "log-probabilities", full: "full answer", pinned: "pinned" } as const;

/** The prompts with their answers in the reference and in the last run, most changed first. */
export function PromptsSection({ probe }: { probe: Probe }) {
  const { data, error, refetch } = useProbePrompts(probe);
  const [isAll, setIsAll] = useState(false);
  const items = data?.items ?? [];
  const shown = isAll ? items : items.slice(0, FIRST);
  return (
    <Section
      title="Prompts"
      description="The answers in the reference and in the last run, at the same hour of the day. Most changed first."
      action={
        items.length > FIRST && (
          <Button onClick={() => setIsAll(!isAll)}>{isAll ? "Show fewer" : `Show all ${items.length}`}</Button>
        )
      }
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => refetch()} title="The prompts could not be loaded" />
      ) : data ? (
        <ul className="flex flex-col">
          {shown.map((prompt) => (
            <PromptRow key={prompt.promptId} prompt={prompt} />
          ))}
        </ul>
      ) : (
        <Skeleton className="mx-4 mb-4 h-24" />
      )}
    </Section>
  );
}

const PromptRow = ({ prompt }: { prompt: ProbePrompt }) => (
  <li className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_5rem] gap-x-6 gap-y-1 border-line border-t px-4 py-2 max-md:grid-cols-1">
    <span className="min-w-0">
      <span dir="auto" className="block [overflow-wrap:anywhere]">
        {prompt.text || "Hidden"}
      </span>
      <span className="text-xs text-muted">{KINDS[prompt.kind]}</span>
    </span>
    {prompt.kind === "logprobs" ? <Tokens prompt={prompt} /> : <Answers prompt={prompt} />}
    <span className="num text-right max-md:text-left" title="The factor of this prompt in the last run">
      {prompt.factor === null ? <span className="text-muted">–</span> : `× ${formatEvidence(prompt.factor)}`}
    </span>
  </li>
);

type Counts = ProbePrompt["before"];
const sumOf = (counts: Counts) => counts.reduce((sum, { count }) => sum + count, 0);
const shareOf = (counts: Counts, answer: string) =>
  (counts.find((one) => one.answer === answer)?.count ?? 0) / Math.max(1, sumOf(counts));
const MOST_ANSWERS = 4;

/** The share of each answer, before over now. */
function Answers({ prompt: { before, now } }: { prompt: ProbePrompt }) {
  const answers = [...new Set([...now, ...before].map(({ answer }) => answer))]
    .sort((one, other) => shareOf(before, other) - shareOf(before, one))
    .slice(0, MOST_ANSWERS);
  if (answers.length === 0) return <span className="text-muted">No answers yet</span>;
  return (
    <span className="grid min-w-0 grid-cols-[minmax(0,1fr)_6rem_3rem_3rem] items-center gap-x-3 gap-y-0.5 text-xs max-sm:grid-cols-[minmax(0,1fr)_3rem_3rem]">
      {answers.map((answer) => (
        <Bars
          key={answer}
          answer={answer}
          before={shareOf(before, answer)}
          now={now.length > 0 ? shareOf(now, answer) : null}
        />
      ))}
    </span>
  );
}

type BarsProps = { answer: string; before: number; now: number | null };

const Bars = ({ answer, before, now }: BarsProps) => (
  <>
    <span dir="auto" className="truncate" title={answer}>
      {answer || "(empty)"}
    </span>
    <span aria-hidden className="flex flex-col gap-px max-sm:hidden">
      <span className="h-1 rounded-full bg-line-strong" style={{ width: `${before * 100}%` }} />
      <span className="h-1 rounded-full bg-accent" style={{ width: `${(now ?? 0) * 100}%` }} />
    </span>
    <span className="num text-right text-muted" title="In the reference">
      {formatPercent(before)}
    </span>
    <span className="num text-right" title="In the last run">
      {now === null ? "–" : formatPercent(now)}
    </span>
  </>
);

const Tokens = ({ prompt: { logprobs } }: { prompt: ProbePrompt }) => (
  <span className="grid min-w-0 grid-cols-[minmax(0,1fr)_4rem_4rem] gap-x-3 gap-y-0.5 text-xs">
    {logprobs.slice(0, MOST_ANSWERS).map(({ token, before, now }) => (
      <span key={token} className="contents">
        <code className="truncate" title={token}>
          {token || "(hidden)"}
        </code>
        <span className="num text-right text-muted" title="Mean log-probability in the reference">
          {before?.toFixed(3) ?? "–"}
        </span>
        <span className="num text-right" title="Mean log-probability in the last run">
          {now?.toFixed(3) ?? "–"}
        </span>
      </span>
    ))}
    {logprobs.length === 0 && <span className="text-muted">No log-probabilities yet</span>}
  </span>
);
