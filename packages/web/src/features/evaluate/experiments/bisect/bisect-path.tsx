import { ArrowRight, Check, CircleDashed, X } from "lucide-react";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { differenceRange, differenceWords, type Output } from "../shared/words.ts";
import type { Bisect } from "./use-bisects.ts";

const KINDS: Readonly<Record<Bisect["steps"][number]["kind"], string>> = {
  judge: "scorer",
  dataset: "dataset",
  messages: "messages",
  parameter: "parameter",
  model: "model",
  prompt: "prompt",
  code: "code",
  retriever: "retriever",
  version: "version",
};

/** The changes in order, each with the result of the state after it. */
export function BisectPath({ bisect: { steps, probes, findings }, output }: { bisect: Bisect; output: Output }) {
  return (
    <ol aria-label="Changes" className="border-line border-t">
      {steps.map(({ index, kind, label, isRunnable }) => {
        const probe = probes.findLast(({ step }) => step === index);
        const isFound = findings.some(({ step }) => step.index === index);
        return (
          <li
            key={index}
            className={`flex flex-wrap items-baseline gap-x-3 border-line border-b px-4 py-2 last:border-0 ${isFound ? "bg-bad-soft" : ""}`}
          >
            <span className="num w-6 shrink-0 text-right text-muted">{index}</span>
            <span className="w-20 shrink-0 text-xs text-muted">{KINDS[kind]}</span>
            <span className="min-w-40 grow basis-40 [overflow-wrap:anywhere]">
              {isFound && (
                <span className="mr-1.5 inline-flex items-center gap-1 font-medium text-bad">
                  <ArrowRight aria-hidden size={13} className="self-center" /> cause
                </span>
              )}
              {label}
            </span>
            <span className="num text-xs text-muted">
              {probe ? <Seen probe={probe} output={output} /> : <NotLooked isRunnable={isRunnable} />}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Seen({ probe, output }: { probe: Bisect["probes"][number]; output: Output }) {
  const { decision, isCertain, items, difference, interval } = probe;
  const Icon = decision === "good" ? Check : X;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <Icon aria-hidden size={13} className={decision === "good" ? "text-good" : "text-bad"} />
      {decision === "good" ? "passed" : "dropped"} after {formatNumberOf(items, "item")}
      {!isCertain && ", likely"}
      <span title="Compared with the previous state. The interval accounts for checks after each batch">
        {differenceWords(difference, output)} {differenceRange(interval, output)}
      </span>
    </span>
  );
}

const NotLooked = ({ isRunnable }: { isRunnable: boolean }) => (
  <span
    className="inline-flex items-center gap-1.5"
    title={
      isRunnable === false
        ? "Only its name is recorded, so it cannot be changed here"
        : "The search did not need to test this state"
    }
  >
    <CircleDashed aria-hidden size={13} /> {isRunnable === false ? "cannot be tested here" : "not tested"}
  </span>
);
