import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { StepChart } from "../../../../components/chart/step-chart.tsx";
import { type StepLine, smooth } from "../../../../components/chart/step-lines.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { formatBytes } from "../../../../components/text/format.ts";
import { isGoing, type Run, type Series, useSeriesOptions } from "../shared/use-training.ts";
import { formatLoss, formatPoint } from "../shared/words.ts";

const HEIGHT = 200;

type Chart = {
  readonly title: string;
  readonly keys: readonly (readonly [key: string, label: string])[];
  readonly format: (value: number) => string;
  readonly isNoisy?: boolean;
};

/** The charts in display order. A chart without points is hidden. */
const CHARTS: readonly Chart[] = [
  {
    title: "Loss",
    keys: [
      ["loss", "training"],
      ["eval_loss", "evaluation"],
    ],
    format: formatLoss,
    isNoisy: true,
  },
  {
    title: "Token accuracy",
    keys: [
      ["mean_token_accuracy", "training"],
      ["eval_mean_token_accuracy", "evaluation"],
    ],
    format: formatPoint,
    isNoisy: true,
  },
  {
    title: "Preference margin",
    keys: [
      ["rewards_margins", "training"],
      ["eval_rewards_margins", "evaluation"],
    ],
    format: formatPoint,
    isNoisy: true,
  },
  {
    title: "Preference accuracy",
    keys: [
      ["rewards_accuracies", "training"],
      ["eval_rewards_accuracies", "evaluation"],
      ["accuracy", "reward model"],
    ],
    format: formatPoint,
    isNoisy: true,
  },
  { title: "Learning rate", keys: [["lr", "learning rate"]], format: formatPoint },
  { title: "Gradient norm", keys: [["grad_norm", "gradient norm"]], format: formatPoint, isNoisy: true },
  { title: "Tokens per second", keys: [["tokens_per_s", "tokens/s"]], format: formatPoint, isNoisy: true },
  { title: "Memory", keys: [["rss_mb", "trainer"]], format: (value) => formatBytes(value * 1_048_576) },
];

/** Live curves of a run, each with a legend, a tooltip and zoom. */
export function Curves({ run }: { run: Run }) {
  const options = useSeriesOptions();
  const [weight, setWeight] = useState(0);
  const curves = useQuery(options({ trainingRunId: run.trainingRunId, isLive: isGoing(run) }));
  const series = curves.data?.series;
  const charts = useMemo(() => chartsOf(series ?? [], weight), [series, weight]);
  if (curves.error && !curves.data)
    return <ErrorState error={curves.error} retry={() => curves.refetch()} title="The curves could not be loaded" />;
  if (!curves.data)
    return (
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        {[0, 1, 2, 3].map((place) => (
          <Skeleton key={place} className="h-60 rounded-card" />
        ))}
      </div>
    );
  if (charts.length === 0)
    return (
      <p className="card p-6 text-center text-muted">The curves appear after the first training step. {run.message}</p>
    );
  return (
    <>
      <Smoothing weight={weight} onChange={setWeight} />
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        {charts.map(({ title, lines, format }) => (
          <StepChart key={title} title={title} lines={lines} format={format} height={HEIGHT} />
        ))}
      </div>
    </>
  );
}

/** Smoothing of noisy curves. Evaluation curves are never smoothed. */
export function Smoothing({ weight, onChange }: { weight: number; onChange: (weight: number) => void }) {
  return (
    <label className="flex items-center gap-2 self-end text-xs text-muted">
      Smoothing
      <input
        type="range"
        min={0}
        max={0.95}
        step={0.05}
        value={weight}
        onChange={({ target }) => onChange(target.valueAsNumber)}
        className="w-28 accent-accent"
      />
      <span className="num w-8">{weight === 0 ? "none" : weight.toFixed(2)}</span>
    </label>
  );
}

function chartsOf(series: Series, weight: number) {
  const byKey = new Map(series.map(({ key, points }) => [key, points]));
  return CHARTS.flatMap(({ title, keys, format, isNoisy }) => {
    const lines = keys.flatMap(([key, label], place): StepLine[] => {
      const points = byKey.get(key) ?? [];
      if (points.length === 0) return [];
      const isSparse = key.startsWith("eval_");
      return [
        {
          label,
          color: `--series-${place + 1}`,
          points: isNoisy && !isSparse ? smooth(points, weight) : points,
          isSparse,
        },
      ];
    });
    return lines.length > 0 ? [{ title, lines, format }] : [];
  });
}
