import { useMemo } from "react";
import { compareTexts } from "../../../../components/text/compare-texts.ts";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { Run } from "../runs/run-chat.ts";

type TextProps = {
  run: Run;
  /** The answer to compare with; undefined to show this one alone. */
  base?: string | undefined;
};

/** The answer of a run: tool calls with results, text, and the error. */
export function AnswerText({ run, base }: TextProps) {
  const isComing = run.state === "running" && !run.text && !run.reasoning && run.calls.length === 0;
  return (
    <>
      {run.state === "waiting" && <p className="text-muted">Queued…</p>}
      {isComing && <p className="animate-pulse text-muted">Waiting for the first token…</p>}
      {run.state === "stopped" && run.text === "" && <p className="text-muted">Stopped.</p>}
      {run.rounds?.map((round, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rounds are only ever added at the end.
        <div key={index} className="mb-2 flex flex-col gap-1">
          <PlainText text={round.text} />
          {round.calls.map((call) => (
            <details key={call.id} className="rounded-control border border-line bg-raised px-2 py-1 text-xs">
              <summary className="cursor-pointer truncate">
                <CallText call={call} />
              </summary>
              <pre className="mt-1 overflow-x-auto whitespace-pre-wrap">{call.result}</pre>
            </details>
          ))}
        </div>
      ))}
      {run.reasoning && (
        <details className="mb-2">
          <summary className="text-muted italic">Reasoning, {formatCount(run.reasoning.length)} characters</summary>
          <p className="mt-1 border-line border-l-2 pl-3 break-words whitespace-pre-wrap text-muted">{run.reasoning}</p>
        </details>
      )}
      {base !== undefined && run.state === "done" ? (
        <Differences base={base} text={run.text} />
      ) : (
        <PlainText text={run.text} />
      )}
      {run.calls.map((call) => (
        <pre
          key={call.id}
          className="mt-2 overflow-x-auto rounded-control border border-line bg-raised p-2 text-xs whitespace-pre-wrap"
        >
          <CallText call={call} />
        </pre>
      ))}
      {run.error && (
        <div role="alert" className="mt-2 rounded-control border border-bad/40 bg-bad-soft px-3 py-2 first:mt-0">
          <FoldedText text={run.error} most={600} />
        </div>
      )}
    </>
  );
}

const CallText = ({ call }: { call: Run["calls"][number] }) => (
  <>
    <span className="font-semibold">{call.name}</span>({call.arguments})
  </>
);

/** Longer answers are compared up to here. */
const LONGEST = 60_000;

function Differences({ base, text }: { base: string; text: string }) {
  const changes = useMemo(() => compareTexts(base.slice(0, LONGEST), text.slice(0, LONGEST)), [base, text]);
  if (base === text) return <p className="text-muted">= same as the first column</p>;
  return (
    <div className="break-words whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]">
      {changes.map(({ kind, text: part }, index) => {
        if (kind === "same") return part;
        const Tag = kind === "gone" ? "del" : "ins";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two finished texts never move.
          <Tag key={index} className={kind === "gone" ? "bg-bad-soft" : "bg-accent-soft no-underline"}>
            {part}
          </Tag>
        );
      })}
    </div>
  );
}

export function PlainText({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <div className="break-words whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]">{text}</div>
  );
}
