import { Link } from "@tanstack/react-router";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Version } from "../shared/use-registry.ts";
import { useEvaluateVersion } from "../shared/use-registry-changes.ts";

type Score = NonNullable<Version["evaluation"]>["scores"][number];

const VERDICTS = {
  better: { look: "text-good", word: "better than base" },
  worse: { look: "text-bad", word: "worse than base" },
  same: { look: "text-muted", word: "no relevant difference" },
  unclear: { look: "text-warn", word: "inconclusive" },
} as const;

/** Compares a version with its base model on the validation data and the required evaluations. */
export function BaseComparison({ version }: { version: Version }) {
  const { can } = useProject();
  const evaluate = useEvaluateVersion();
  const { evaluation, base } = version;
  if (!evaluation && !base) return null;
  const verdict = evaluation?.verdict ? VERDICTS[evaluation.verdict] : null;
  return (
    <Section
      title="Comparison with base"
      description={
        evaluation
          ? evaluation.summary
          : "Not evaluated yet. After a training run this happens automatically, as a job."
      }
      action={
        base &&
        can("experiments:write") && (
          <Button
            size="small"
            isBusy={evaluate.isPending}
            onClick={() => evaluate.mutate({ name: version.name, version: version.version })}
          >
            {evaluation ? "Evaluate again" : "Evaluate"}
          </Button>
        )
      }
    >
      {evaluation && (
        <>
          {verdict && (
            <p className={`px-4 pb-3 ${verdict.look}`}>
              ● {verdict.word}
              {evaluation.experimentId && (
                <Link
                  to="/experiments/$experimentId"
                  params={{ experimentId: evaluation.experimentId }}
                  className="ml-3 text-accent underline underline-offset-2"
                >
                  Open experiment
                </Link>
              )}
            </p>
          )}
          {evaluation.scores.length > 0 && (
            <PlainTable label="Scores" columns={COLUMNS} rows={evaluation.scores} idOf={({ name }) => name} />
          )}
        </>
      )}
    </Section>
  );
}

const numberOf = (value: number | null) => (value === null ? "–" : value.toFixed(3));

const NO_INTERVAL = { low: null, high: null };

type MeasuredProps = { value: number; low: number | null; high: number | null; isSigned?: boolean };

/** A number with its 95% interval. */
const Measured = ({ value, low, high, isSigned = false }: MeasuredProps) => (
  <span>
    <span className="font-medium">
      {isSigned && value > 0 ? "+" : ""}
      {numberOf(value)}
    </span>
    {low !== null && high !== null && (
      <span className="ml-2 text-muted max-md:hidden" title="95% interval">
        [{numberOf(low)}, {numberOf(high)}]
      </span>
    )}
  </span>
);

const COLUMNS: readonly PlainColumn<Score>[] = [
  { id: "name", header: "Evaluation", className: "w-full min-w-32", cell: ({ name }) => name },
  { id: "base", header: "Base", isNumber: true, cell: ({ baseline }) => numberOf(baseline) },
  {
    id: "value",
    header: "This version",
    isNumber: true,
    cell: ({ value, low, high, baseline, difference }) => (
      // Older evaluations without a difference have an interval for another value.
      <Measured value={value} {...(difference === undefined && baseline !== null ? NO_INTERVAL : { low, high })} />
    ),
  },
  {
    id: "difference",
    header: "Difference",
    isNumber: true,
    cell: ({ difference }) => (difference ? <Measured {...difference} isSigned /> : "–"),
  },
  { id: "p", header: "p", isNumber: true, isWide: true, cell: ({ pValue }) => numberOf(pValue) },
  {
    id: "items",
    header: "Items",
    isNumber: true,
    isWide: true,
    cell: ({ items }) => (items === null ? "–" : formatCount(items)),
  },
];
