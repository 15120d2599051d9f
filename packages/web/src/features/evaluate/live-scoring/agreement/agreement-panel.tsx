import { Link } from "@tanstack/react-router";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button } from "../../../../components/form/button.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { AgreementChart } from "./agreement-chart.tsx";
import { type Agreement, useAgreementChanges } from "./use-agreements.ts";

const STATES = {
  collecting: ["collecting pairs", "text-muted"],
  watching: ["as before", "text-good"],
  worse: ["worse", "text-bad"],
} as const;
const REFERENCES = {
  calibration: "Calibration",
  "first-pairs": "First pairs",
  accepted: "Accepted rate",
} as const;

type PanelProps = { agreement: Agreement; canWrite: boolean; onDelete: () => void };

/** The agreement of one score with people: its state, figures and history. */
export function AgreementPanel({ agreement, canWrite, onDelete }: PanelProps) {
  const { score, label, state, note, lastError, worseSince } = agreement;
  const [word, look] = STATES[state];
  return (
    <section aria-label={score} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-medium [overflow-wrap:anywhere]">
          {score} and {label}
        </h3>
        <span className={`text-sm ${look}`}>● {word}</span>
        {worseSince && (
          <Link to="/incidents" className="text-sm underline underline-offset-2">
            Worse since {worseSince}. Show incidents
          </Link>
        )}
      </div>
      {note && <p className="text-sm text-muted">{note}</p>}
      {lastError && <p className="text-sm text-warn [overflow-wrap:anywhere]">{lastError}</p>}
      <Figures agreement={agreement} />
      <AgreementChart agreement={agreement} />
      {canWrite && <Acts agreement={agreement} onDelete={onDelete} />}
    </section>
  );
}

type Estimate = Agreement["recent"]["rate"];

function intervalOf({ value, interval, reason }: Estimate, format: (value: number) => string): string {
  if (value === null) return reason || "unknown";
  return interval ? `${format(value)} (${format(interval.low)} to ${format(interval.high)})` : format(value);
}
const formatKappa = (value: number) => value.toFixed(2);

function Figures({ agreement: { recent, reference, evidence, threshold } }: { agreement: Agreement }) {
  const figures: readonly (readonly [string, string])[] = [
    ["Disagreement, last 30 days", intervalOf(recent.rate, formatPercent)],
    ["κ, last 30 days", intervalOf(recent.kappa, formatKappa)],
    ["Pairs, last 30 days", formatCount(recent.pairs)],
    [
      reference ? `Reference: ${REFERENCES[reference.kind]}` : "Reference",
      reference
        ? `${intervalOf(reference.rate, formatPercent)} of ${formatNumberOf(reference.pairs, "pair")}`
        : "not yet",
    ],
    ["Evidence", `${evidenceText(evidence)} of ${threshold}`],
  ];
  return (
    <dl className="num grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-x-6 gap-y-2">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const evidenceText = (evidence: number): string =>
  evidence >= 1e6 ? evidence.toExponential(1) : String(Number(evidence.toPrecision(3)));

function Acts({ agreement, onDelete }: Pick<PanelProps, "agreement" | "onDelete">) {
  const { accept } = useAgreementChanges(agreement.ruleId);
  const onSuccess = () => toastDone("The new rate is the reference");
  return (
    <div className="flex flex-wrap gap-2">
      {agreement.state === "worse" && (
        <Button
          kind="primary"
          isBusy={accept.isPending}
          onClick={() => void whenDone(accept.mutateAsync(agreement.agreementId), onSuccess)}
        >
          Accept new rate
        </Button>
      )}
      <Button onClick={onDelete}>Stop comparing…</Button>
    </div>
  );
}
