import { Section } from "../../../../components/layout/page.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCount, formatDuration, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { DiffFields, diffLines } from "../../../build/prompts/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Candidate, Optimisation } from "../shared/use-optimisations.ts";
import { changeWords } from "../shared/words.ts";
import { SavedVersion } from "./saved-version.tsx";

type ViewProps = { optimisation: Optimisation; candidate: Candidate };

/** One candidate: the change and its reason, its scores, and its full text. */
export function CandidateView({ optimisation, candidate }: ViewProps) {
  const { parents, change, reflection, changes } = candidate;
  const isFirst = parents.length === 0;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Section
        title={isFirst ? "First prompt" : `${parents.join(" and ")} → ${candidate.candidate}`}
        description={
          isFirst ? `${optimisation.prompt.name}, version ${optimisation.prompt.version}` : changeWords(change)
        }
        action={<SavedVersion optimisation={optimisation} candidate={candidate.candidate} />}
      >
        <Facts optimisation={optimisation} candidate={candidate} />
        {reflection && (
          <div className="px-4 pb-3">
            <h3 className="text-xs text-muted">{change === "rewrite" ? "Rewriting model's response" : "Change"}</h3>
            <FoldedText text={reflection} />
          </div>
        )}
      </Section>
      {changes.length > 0 && (
        <DiffFields
          fields={changes.map(({ message, before, after }) => ({
            field: `message ${message + 1}${before === "" ? ", new" : ""}`,
            lines: diffLines(before, after),
          }))}
        />
      )}
      <Whole candidate={candidate} />
    </div>
  );
}

function Facts({ optimisation: { output, scorer, parts }, candidate }: ViewProps) {
  const { quality, scored, wins, costUsd, tokens, latencyMs, length, answersBefore } = candidate;
  const facts = [
    [scorer, formatValue(quality, output)],
    ["Scored", `${formatCount(scored)} of ${formatCount(parts?.selection ?? 0)}`],
    ["Items not beaten", formatNumberOf(wins, "item")],
    ["Tokens per answer", tokens === null ? "–" : formatCount(tokens)],
    ["Cost per answer", formatMoney(costUsd)],
    ["Time per answer", formatDuration(latencyMs)],
    ["Length", `${formatCount(length)} characters`],
    ["Found after", formatNumberOf(answersBefore, "answer")],
  ] as const;
  return (
    <dl className="grid grid-cols-4 gap-x-6 gap-y-2 px-4 pb-3 max-md:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="truncate text-xs text-muted">{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Whole({ candidate: { content } }: { candidate: Candidate }) {
  const messages =
    content.type === "text"
      ? [{ who: "text", text: content.template }]
      : content.messages.map((message) =>
          "placeholder" in message
            ? { who: "placeholder", text: `messages of ${message.placeholder}` }
            : { who: message.role, text: message.content },
        );
  return (
    <details className="card px-4 py-2">
      <summary className="font-medium">Full prompt</summary>
      <ol className="flex flex-col gap-2 pt-2 pb-1">
        {messages.map(({ who, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a candidate never change order.
          <li key={at}>
            <p className="text-xs text-muted">{who}</p>
            <FoldedText text={text} />
          </li>
        ))}
      </ol>
    </details>
  );
}
