import type { CurationPreview, CurationStep } from "@treadle/contract";
import { explain } from "../../../../api.ts";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { Button, Spinner } from "../../../../components/form/button.tsx";
import { wordsOf } from "../../../../components/form/schema-fields.ts";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { ThresholdHistogram } from "../shared/threshold-histogram.tsx";
import { CurationSamples } from "./curation-samples.tsx";
import { type PlannedStep, removedSide, thresholdPath, withNumber } from "./pipeline.ts";

type PreviewProps = {
  step: CurationStep;
  planned: PlannedStep;
  preview: { data: CurationPreview | undefined; error: unknown; isFetching: boolean; refetch: () => unknown };
  onParams: (params: PlannedStep["params"]) => void;
  /** Previews all items instead of a sample. */
  onWhole: (() => void) | undefined;
};

/** The items that the step would remove or edit: counts, threshold and examples. */
export function StepPreview({ step, planned, preview, onParams, onWhole }: PreviewProps) {
  const { data, error, isFetching } = preview;
  if (!data && error)
    return (
      <div role="alert" className="mx-4 mb-4 rounded-control bg-bad-soft px-3 py-2 text-bad [overflow-wrap:anywhere]">
        {explain(error)}{" "}
        <button type="button" onClick={() => preview.refetch()} className="underline underline-offset-2">
          Try again
        </button>
      </div>
    );
  if (!data)
    return (
      <div aria-busy className="flex flex-col gap-3 px-4 pb-4">
        <Skeleton className="h-9 w-72" />
        <Skeleton className="h-30 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    );
  return (
    <div className={`flex flex-col gap-5 px-4 pb-4 transition-opacity duration-150 ${isFetching ? "opacity-70" : ""}`}>
      <Verdict data={data} isFetching={isFetching} isSetWise={step.isSetWise} onWhole={onWhole} />
      {error !== null && error !== undefined && (
        <p role="alert" className="text-bad">
          {explain(error)}
        </p>
      )}
      <Rules data={data} />
      {data.histograms.map((histogram) => {
        const path = thresholdPath(step.params, planned.params, histogram);
        return (
          <figure key={histogram.rule} className="min-w-0">
            <figcaption className="mb-1 flex flex-wrap justify-between gap-x-3 text-xs text-muted">
              <span>{wordsOf(histogram.rule)}</span>
              {path && <span className="max-md:hidden">drag the line to change the limit</span>}
            </figcaption>
            <ThresholdHistogram
              label={wordsOf(histogram.rule)}
              counts={histogram.counts}
              from={histogram.from}
              to={histogram.to}
              threshold={histogram.threshold ?? undefined}
              removes={removedSide(data.samples, histogram.rule, path)}
              onThreshold={path && ((value) => onParams(withNumber(planned.params, path, value)))}
            />
          </figure>
        );
      })}
      <CurationSamples samples={data.samples} />
    </div>
  );
}

type VerdictProps = {
  data: CurationPreview;
  isFetching: boolean;
  isSetWise: boolean;
  onWhole: (() => void) | undefined;
};

function Verdict({ data, isFetching, isSetWise, onWhole }: VerdictProps) {
  const { rows, removed, edited, totalRows } = data;
  const isPart = rows < totalRows;
  const share = rows === 0 ? 0 : removed / rows;
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <Amount value={removed} word="removed" tone={removed > 0 ? "text-bad" : "text-muted"} />
        <Amount value={edited} word="edited" tone={edited > 0 ? "text-info" : "text-muted"} />
        <Amount value={data.kept} word="kept" tone="text-text" />
        {isFetching && (
          <span className="inline-flex items-center gap-1.5 text-xs text-muted">
            <Spinner /> updating
          </span>
        )}
      </p>
      <p className="mt-1 text-muted text-pretty">
        {isPart
          ? `In an even sample of ${formatCount(rows)} of ${formatCount(totalRows)} items, ${formatPercent(share)} would be removed. `
          : `All ${formatNumberOf(rows, "item")} of the draft were checked${removed > 0 ? `; ${formatPercent(share)} would be removed` : ""}. `}
        {isPart && isSetWise && "This step compares items with one another, so it will find more in the whole draft. "}
      </p>
      {data.notes.map((note) => (
        <p key={note} className="mt-1 text-muted text-pretty">
          {note}
        </p>
      ))}
      {isPart && onWhole && (
        <Button size="small" className="mt-2" onClick={onWhole}>
          Check {totalRows <= 50_000 ? `all ${formatCount(totalRows)}` : "50,000"} items
        </Button>
      )}
    </div>
  );
}

const Amount = ({ value, word, tone }: { value: number; word: string; tone: string }) => (
  <span>
    <span className={`num text-xl font-semibold tracking-tight ${tone}`}>{formatCount(value)}</span>{" "}
    <span className="text-muted">{word}</span>
  </span>
);

/** The rules that matched, if there are several. */
function Rules({ data }: { data: CurationPreview }) {
  const rules = data.rules.filter(({ removed, edited }) => removed + edited > 0);
  if (rules.length < 2) return null;
  const most = Math.max(...rules.map(({ removed, edited }) => removed + edited));
  return (
    <table aria-label="Rules" className="w-full max-w-150">
      <thead className="sr-only">
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Items</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ rule, removed, edited }) => (
          <tr key={rule}>
            <th scope="row" className="max-w-60 truncate py-0.5 pr-3 text-left font-normal">
              {wordsOf(rule)}
            </th>
            <td className="w-full">
              <span
                aria-hidden
                className={`block h-2 rounded-sm ${removed > 0 ? "bg-bad" : "bg-info"}`}
                style={{ width: `${Math.max(1, ((removed + edited) / most) * 100)}%` }}
              />
            </td>
            <td className="num py-0.5 pl-3 text-right whitespace-nowrap">
              {removed > 0 && `${formatCount(removed)} removed`}
              {removed > 0 && edited > 0 && ", "}
              {edited > 0 && `${formatCount(edited)} edited`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
