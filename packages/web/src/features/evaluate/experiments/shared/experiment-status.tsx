import { formatPercent } from "../../../../components/text/format.ts";
import type { Experiment } from "./use-experiments.ts";

const STATES: Readonly<Record<Experiment["status"], { look: string; word: string }>> = {
  queued: { look: "text-muted", word: "queued" },
  running: { look: "text-info", word: "running" },
  done: { look: "text-good", word: "succeeded" },
  failed: { look: "text-bad", word: "failed" },
  cancelled: { look: "text-warn", word: "canceled" },
};

/** The status of an experiment: a dot, a word, and its progress while it runs. */
export function ExperimentStatus({ experiment }: { experiment: Experiment }) {
  const { look, word } = STATES[experiment.status];
  const [answers, planned] = totals(experiment);
  return (
    <span className={`num text-sm whitespace-nowrap ${look}`}>
      ● {word}
      {experiment.status === "running" && planned > 0 && ` ${formatPercent(answers / planned)}`}
    </span>
  );
}

const totals = ({ runs }: Experiment): readonly [answers: number, planned: number] => [
  runs.reduce((sum, run) => sum + run.answers, 0),
  runs.reduce((sum, run) => sum + (run.planned ?? 0), 0),
];
