import { explain } from "../../../../api.ts";
import { EstimateFacts, EstimatePanel } from "../../../../components/feedback/estimate-panel.tsx";
import { Failure } from "../../../../components/feedback/failure.tsx";
import type { Job } from "../../../../components/feedback/job-words.ts";
import { Button } from "../../../../components/form/button.tsx";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
} from "../../../../components/text/format.ts";
import { ActingJob } from "../../../system/jobs/index.ts";
import type { Estimate } from "../shared/use-training.ts";

type Look = { isPending: boolean; error: unknown };
type PanelProps = {
  estimate: Look & { data: Estimate | undefined; job: Job | undefined };
  preview: Look;
  isWhole: boolean;
  isAtProvider: boolean;
  isOld: boolean;
  onEstimate: () => void;
  onPreview: () => void;
  children: React.ReactNode;
};

/** The estimate and the tokenized samples, shown before training starts. */
export function LooksPanel({ estimate, preview, onEstimate, onPreview, children, ...is }: PanelProps) {
  const { isWhole, isAtProvider, isOld } = is;
  return (
    <EstimatePanel title="Before you start">
      {estimate.job ? (
        <ActingJob job={estimate.job} className="flex-col items-stretch!" />
      ) : estimate.data ? (
        <Numbers estimate={estimate.data} isAtProvider={isAtProvider} isOld={isOld} />
      ) : (
        <p className="text-muted">{invitation(is)}</p>
      )}
      <Failure text={estimate.error ? explain(estimate.error) : undefined} />
      <Failure text={preview.error ? explain(preview.error) : undefined} />
      <div className={`grid gap-2 ${isAtProvider ? "" : "grid-cols-2"}`}>
        <Button disabled={!isWhole} isBusy={estimate.isPending} onClick={onEstimate}>
          Estimate
        </Button>
        {!isAtProvider && (
          <Button disabled={!isWhole} isBusy={preview.isPending} onClick={onPreview}>
            Show samples
          </Button>
        )}
      </div>
      {children}
    </EstimatePanel>
  );
}

function invitation({ isWhole, isAtProvider }: Pick<PanelProps, "isWhole" | "isAtProvider">): string {
  if (!isWhole)
    return isAtProvider ? "Choose a model and a dataset first." : "Choose a base model and a dataset first.";
  return isAtProvider
    ? "The estimate counts the rows and their approximate tokens. No data is sent."
    : "The estimate reads the rows and runs a short benchmark on this machine. The first estimate for a model takes minutes.";
}

type NumbersProps = { estimate: Estimate; isAtProvider: boolean; isOld: boolean };

function Numbers({ estimate, isAtProvider, isOld }: NumbersProps) {
  const { parameters, trainable, tokens, steps, rows, cost_usd: cost } = estimate;
  const time = rangeOf(estimate.seconds);
  const memory = partsOf(estimate.memory_mb);
  const total = memory.find(([name]) => name === "peak" || name === "total");
  const free = estimate.free_mb;
  const facts = [
    ["Rows", `${formatCount(rows.train)} + ${formatCount(rows.val)} for evaluation`],
    ...(rows.skipped > 0 ? ([["Skipped", formatCount(rows.skipped)]] as const) : []),
    ...(isAtProvider && steps == null ? [] : ([["Steps", steps == null ? "–" : formatCount(steps)]] as const)),
    ["Tokens", tokens == null ? "–" : `${isAtProvider ? "about " : ""}${formatCompact(tokens)}`],
    ...(isAtProvider
      ? ([["Cost", cost == null ? "unknown: no price is set" : `about ${formatMoney(cost)}`]] as const)
      : ([
          [
            "Trainable parameters",
            trainable == null
              ? "–"
              : `${formatCompact(trainable)}${parameters ? ` of ${formatCompact(parameters)}` : ""}`,
          ],
          ["Time", time ?? "unknown"],
          ["Memory", total ? `about ${formatBytes(total[1] * 1_048_576)}` : "unknown"],
        ] as const)),
  ] as const;
  return (
    <EstimateFacts facts={facts} isOld={isOld}>
      {memory
        .filter((entry) => entry !== total)
        .map(([name, mb]) => (
          <div key={name} className="contents text-xs">
            <dt className="pl-3 text-muted">{name.replaceAll("_", " ")}</dt>
            <dd className="num text-right text-muted">{formatBytes(mb * 1_048_576)}</dd>
          </div>
        ))}
      {total && free != null && total[1] > free && (
        <p className="col-span-full text-warn">
          This run needs more memory than is free ({formatBytes(free * 1_048_576)}). Lower the batch size or the
          sequence length, or use an adapter.
        </p>
      )}
      {isOld && <p className="col-span-full text-xs text-warn">The form has changed since this estimate.</p>}
    </EstimateFacts>
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Seconds as a number, or as `{ expected, low, high }`. */
function rangeOf(seconds: unknown): string | undefined {
  if (typeof seconds === "number") return `about ${formatDuration(seconds * 1_000)}`;
  if (!isRecord(seconds)) return undefined;
  const numbers = Object.entries(seconds).flatMap(([name, value]) =>
    typeof value === "number" ? [[name, value] as const] : [],
  );
  const of = (...names: readonly string[]) => numbers.find(([name]) => names.includes(name))?.[1];
  const [middle, low, high] = [of("expected", "seconds", "value"), of("low", "min"), of("high", "max")];
  const spread = of("plus_minus", "margin");
  const words = (value: number) => formatDuration(value * 1_000);
  if (low !== undefined && high !== undefined) return `${words(low)} to ${words(high)}`;
  if (middle === undefined) return undefined;
  return spread === undefined
    ? `about ${words(middle)}`
    : `${words(Math.max(0, middle - spread))} to ${words(middle + spread)}`;
}

function partsOf(memory: unknown): readonly (readonly [name: string, mb: number])[] {
  if (typeof memory === "number") return [["total", memory]];
  if (!isRecord(memory)) return [];
  return Object.entries(memory).flatMap(([name, value]) => (typeof value === "number" ? [[name, value] as const] : []));
}
