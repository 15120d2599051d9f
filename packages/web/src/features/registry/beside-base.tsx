import { Link } from "@tanstack/react-router";
import { Button } from "../../components/button.tsx";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { useProject } from "../session/index.ts";
import type { Version } from "./use-registry.ts";
import { useEvaluateVersion } from "./use-registry-changes.ts";

type Score = NonNullable<Version["evaluation"]>["scores"][number];

const VERDICTS = {
  better: { look: "text-good", word: "better than its base" },
  worse: { look: "text-bad", word: "worse than its base" },
  same: { look: "text-muted", word: "no difference that matters" },
  unclear: { look: "text-warn", word: "undecided" },
} as const;

/** How a version fares beside the model that it was trained from, on what was held out and on what the project requires. */
export function BesideBase({ version }: { version: Version }) {
  const { can } = useProject();
  const evaluate = useEvaluateVersion();
  const { evaluation, base } = version;
  if (!evaluation && !base) return null;
  const verdict = evaluation?.verdict ? VERDICTS[evaluation.verdict] : null;
  return (
    <Section
      title="Beside its base"
      description={
        evaluation ? evaluation.summary : "Not measured yet. After a training that happens by itself, as a job."
      }
      action={
        base &&
        can("experiments:write") && (
          <Button
            size="small"
            isBusy={evaluate.isPending}
            onClick={() => evaluate.mutate({ name: version.name, version: version.version })}
          >
            {evaluation ? "Measure again" : "Measure it"}
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
                  Open the experiment
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

const COLUMNS: readonly PlainColumn<Score>[] = [
  { id: "name", header: "Measured", className: "w-full min-w-32", cell: ({ name }) => name },
  { id: "base", header: "Base", isNumber: true, cell: ({ baseline }) => numberOf(baseline) },
  {
    id: "value",
    header: "This version",
    isNumber: true,
    cell: ({ value, low, high }) => (
      <span>
        <span className="font-medium">{numberOf(value)}</span>
        {low !== null && high !== null && (
          <span className="ml-2 text-muted max-md:hidden">
            [{numberOf(low)}, {numberOf(high)}]
          </span>
        )}
      </span>
    ),
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
