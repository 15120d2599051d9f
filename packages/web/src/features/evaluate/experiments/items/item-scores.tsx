import { JsonView } from "../../../../components/content/json-tree.tsx";
import { isFields } from "../../../../components/form/json-fields.ts";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatValue } from "../../scorers/index.ts";
import type { Run } from "../shared/use-experiments.ts";
import type { RunItem } from "../shared/use-runs.ts";

type Results = RunItem["results"];
type Score = Results[number]["scores"][number];
type ResultState = Results[number]["state"];
type Scorer = Run["scorers"][number];

type ScoresProps = { scorers: readonly Scorer[]; sides: readonly { run: Run; results: Results }[] };

/** All scores of an item in all runs, with their reasons. */
export function ItemScores({ scorers, sides }: ScoresProps) {
  if (scorers.length === 0) return null;
  return (
    <section aria-label="Scores" className="min-w-0">
      <h3 className="mb-1 text-xs text-muted">Scores</h3>
      <ul className="card divide-y divide-line">
        {scorers.map((scorer) => (
          <li key={scorer.key} className="flex flex-col gap-1 px-3 py-2">
            <span className="font-medium">{scorer.name}</span>
            {sides.map(({ run, results }) => (
              <Side key={run.runId} name={sides.length > 1 ? run.name : ""} scorer={scorer} results={results} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Side({ name, scorer, results }: { name: string; scorer: Scorer; results: Results }) {
  return (
    <div className="min-w-0">
      {results.map(({ repeat, state, scores }) => {
        const score = scores.find((one) => one.scorer === scorer.key);
        return (
          <div key={repeat} className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-2">
              {name && <span className="max-w-40 truncate text-xs text-muted">{name}</span>}
              {results.length > 1 && <span className="num text-xs text-muted">{repeat + 1}</span>}
              <span className="num">{scoreWords(score, { scorer, state })}</span>
              {score?.reason && <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{score.reason}</span>}
            </p>
            {score && <Details details={score.details} />}
          </div>
        );
      })}
    </div>
  );
}

function scoreWords(score: Score | undefined, { scorer, state }: { scorer: Scorer; state: ResultState }) {
  if (state === "error") return <span className="text-muted">not scored (provider error)</span>;
  if (state === "diverged") return <span className="text-muted">not scored (diverged)</span>;
  if (!score) return <span className="text-muted">not scored yet</span>;
  if (score.state === "failed") return <span className="text-bad">● scoring failed</span>;
  if (score.state === "undefined") return <span className="text-warn">● no score</span>;
  return score.label ?? formatValue(score.value, scorer.output, true);
}

/** The judge's full response, and other details of a score. */
function Details({ details }: { details: unknown }) {
  if (!isFields(details) || Object.keys(details).length === 0) return null;
  const { rawAnswer, ...rest } = details;
  return (
    <details className="mt-0.5">
      <summary className="text-xs text-muted">{typeof rawAnswer === "string" ? "Judge response" : "Details"}</summary>
      <div className="mt-1 flex flex-col gap-1">
        {typeof rawAnswer === "string" && (
          <FoldedText
            text={rawAnswer || "(nothing)"}
            className="rounded-control border border-line bg-raised px-2 py-1.5 font-mono text-xs"
          />
        )}
        {Object.keys(rest).length > 0 && <JsonView value={rest} label="Score details" />}
      </div>
    </details>
  );
}
