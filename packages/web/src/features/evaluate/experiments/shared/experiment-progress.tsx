import { formatCount, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { RunPanel, useRunLifecycle } from "../../../system/jobs/index.ts";
import { type Experiment, useExperimentChanges } from "./use-experiments.ts";
import { stopWords } from "./words.ts";

/** The progress of an experiment, or why it ended early. */
export function ExperimentProgress({ experiment }: { experiment: Experiment }) {
  const { cancel, resume } = useExperimentChanges();
  const run = useRunLifecycle({
    id: experiment.experimentId,
    run: experiment,
    reload: ["experiments", "runs"],
    permission: "experiments:write",
    cancel,
    resume,
  });
  const ended = endOf(experiment);
  if (!run.isActive && !ended) return null;
  return (
    <div className="px-6 pt-3 max-md:px-4">
      <RunPanel run={run} ended={ended}>
        <p className="num mt-2 text-xs text-muted">{spentWords(experiment)}</p>
      </RunPanel>
    </div>
  );
}

/** Undefined for an experiment that answered all items. Not shown while the experiment runs. */
function endOf({ status, error, stopped }: Experiment) {
  const isEarly = stopped !== null && stopped !== "finished";
  if (status === "done" && !isEarly) return undefined;
  const reason = error ?? (isEarly ? stopWords(stopped) : "The experiment was cancelled.");
  return {
    tone: status === "failed" ? "bad" : "warn",
    words: `${reason} The answers so far are shown below.`,
    resume: stopped === "precision" ? undefined : "Resume",
  } as const;
}

/** The cost so far. */
export function spentWords({ spent: { calls, tokens, usd, unpricedCalls } }: Pick<Experiment, "spent">): string {
  const price =
    unpricedCalls === 0
      ? formatMoney(usd)
      : usd > 0
        ? `${formatMoney(usd)} and ${formatNumberOf(unpricedCalls, "call")} without a known price`
        : "unknown cost";
  return `${formatNumberOf(calls, "call")}, ${formatCount(tokens)} tokens, ${price}`;
}
