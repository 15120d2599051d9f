import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { explain } from "../../../../api.ts";
import { Select } from "../../../../components/form/field.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { estimateWords, isPassRate, rateName } from "./rate-words.ts";
import { type RateAsked, type ScoreRate, useScoreRates } from "./use-score-rates.ts";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

type Row = { readonly score: string; readonly rate: ScoreRate | undefined; readonly error: Error | null };

const COLUMNS: readonly PlainColumn<Row>[] = [
  {
    id: "score",
    header: "Score",
    className: "w-full min-w-28 align-top pt-2! [overflow-wrap:anywhere]",
    cell: ({ score, rate, error }) => (
      <span className="flex flex-col pb-1">
        <span className="font-medium">{score}</span>
        {rate && <Basis rate={rate} />}
        {error && <span className="text-xs text-bad">{explain(error)}</span>}
      </span>
    ),
  },
  {
    id: "spans",
    header: "Spans",
    isNumber: true,
    isWide: true,
    className: "align-top pt-2!",
    cell: ({ rate }) => (rate ? formatCount(rate.spans) : "–"),
  },
  {
    id: "raw",
    header: <span title="The uncorrected score of the judge">Uncorrected</span>,
    isNumber: true,
    className: "align-top pt-2!",
    cell: ({ rate }) => rate && <Estimated estimate={rate.raw} rate={rate} />,
  },
  {
    id: "corrected",
    header: (
      <span title="Corrected by the Rogan-Gladen method, from the judge's sensitivity and specificity">Corrected</span>
    ),
    isNumber: true,
    className: "align-top pt-2! max-md:pr-4!",
    cell: ({ rate }) => rate?.calibration && <Estimated estimate={rate.corrected} rate={rate} />,
  },
  {
    id: "powered",
    header: <span title="The judge's mean, corrected by its errors on labeled answers">Prediction-powered</span>,
    isNumber: true,
    isWide: true,
    className: "align-top pt-2!",
    cell: ({ rate }) => rate?.calibration && <Estimated estimate={rate.predictionPowered} rate={rate} />,
  },
];

function Estimated({ estimate, rate }: { estimate: ScoreRate["raw"]; rate: ScoreRate }): ReactNode {
  const { value, range } = estimateWords(estimate, isPassRate(rate.calibration));
  return (
    <span className="flex flex-col items-end pb-1 whitespace-nowrap" title={estimate.reason || undefined}>
      <span className={estimate.value === null ? "text-muted" : "font-medium"}>{value}</span>
      {range && <span className="text-xs text-muted">{range}</span>}
    </span>
  );
}

/** The basis of the corrections, and warnings. */
function Basis({ rate: { spans, calibration, predictionPowered, warnings } }: { rate: ScoreRate }) {
  if (spans === 0) return <span className="text-xs text-muted">no scores in this period</span>;
  if (!calibration) return <span className="text-xs text-muted">not calibrated yet</span>;
  const powered = estimateWords(predictionPowered, isPassRate(calibration));
  return (
    <>
      {predictionPowered.value !== null && (
        <span className="num text-xs md:hidden">
          prediction-powered {powered.value} {powered.range}
        </span>
      )}
      <span className="text-xs text-muted">
        {rateName(calibration) && `${rateName(calibration)}, `}
        <Link
          to="/scorers/$scorerId"
          params={{ scorerId: calibration.scorerId }}
          search={{ tab: "calibration", calibration: calibration.calibrationId }}
          className="underline decoration-line-strong underline-offset-2 hover:text-text"
        >
          version {calibration.version} compared with {formatNumberOf(calibration.pairs, "labeled answer")}
        </Link>
      </span>
      {warnings.map((warning) => (
        <span key={warning} className="text-xs text-warn">
          {warning}
        </span>
      ))}
    </>
  );
}

type RatesProps = { scores: readonly string[]; where?: RateAsked["where"] };

/** The means of scores on spans over the last days, uncorrected and corrected for judge errors. */
export function ScoreRates({ scores, where = {} }: RatesProps) {
  const [days, setDays] = useState<number>(7);
  const rates = useScoreRates(
    scores.map((score) => ({ score, where })),
    { times: () => ({ from: new Date(Date.now() - days * DAY_MS), to: new Date() }), key: days },
  );
  const rows = scores.map((score, at) => ({ score, rate: rates[at]?.data, error: rates[at]?.error ?? null }));
  const isLoading = rows.every(({ rate, error }) => rate === undefined && error === null);
  return (
    <>
      <Select
        aria-label="Time range"
        value={days}
        onChange={({ target }) => setDays(Number(target.value))}
        className="mb-3 w-44!"
      >
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {one === 1 ? "Last day" : `Last ${one} days`}
          </option>
        ))}
      </Select>
      <div className="card overflow-hidden">
        <PlainTable label="Rates" columns={COLUMNS} rows={isLoading ? undefined : rows} idOf={({ score }) => score} />
      </div>
    </>
  );
}
