import { Link } from "@tanstack/react-router";
import { Button } from "../../components/button.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { JobProgress } from "../../components/job-progress.tsx";
import { spentWords } from "../experiments/index.ts";
import { useProject } from "../session/index.ts";
import { type Optimisation, useOptimisationChanges, useOptimisationJob } from "./use-optimisations.ts";
import { stopWords } from "./words.ts";

/** How far a search is; then what came of it, in a sentence, and the way on from one that was stopped. */
export function OptimisationProgress({ optimisation }: { optimisation: Optimisation }) {
  const { can } = useProject();
  const { cancel } = useOptimisationChanges();
  const on = useOptimisationJob(optimisation);
  const { optimisationId, candidates, refused } = optimisation;
  if (!on) return <Outcome optimisation={optimisation} />;
  return (
    <div className="card p-4">
      {on.job ? (
        <JobProgress
          job={on.job}
          onCancel={can("experiments:write") ? () => cancel.mutate(optimisationId) : undefined}
          isBusy={cancel.isPending}
        />
      ) : (
        <p className="text-muted">Waiting for its turn.</p>
      )}
      <p className="num mt-2 text-xs text-muted">
        {formatNumberOf(candidates.length, "candidate")}, {formatCount(refused.length)} refused.{" "}
        {spentWords(optimisation)}
      </p>
    </div>
  );
}

function Outcome({ optimisation }: { optimisation: Optimisation }) {
  const { can } = useProject();
  const { resume } = useOptimisationChanges();
  const { optimisationId, status, message, stopped, verdict, savedVersion, prompt } = optimisation;
  const isOver = status === "done";
  const look = isOver
    ? verdict === "better"
      ? "bg-accent-soft"
      : "bg-raised"
    : status === "failed"
      ? "bg-bad-soft"
      : "bg-warn-soft";
  return (
    <div role="status" className={`flex flex-wrap items-center gap-3 rounded-control px-3 py-2 ${look}`}>
      <p className="min-w-0 grow basis-80 [overflow-wrap:anywhere]">
        {message} {stopped !== null && stopped !== "finished" && stopWords(stopped)}
        {!isOver && " What was answered is kept, and is not asked for again."}
      </p>
      {!isOver && can("experiments:write") && (
        <Button size="small" isBusy={resume.isPending} onClick={() => resume.mutate(optimisationId)}>
          Go on
        </Button>
      )}
      {savedVersion !== null && (
        <Link
          to="/prompts/$name"
          params={{ name: prompt.name }}
          search={{ version: String(savedVersion), tab: "changes", against: String(prompt.version) }}
          className="underline underline-offset-2"
        >
          Compare version {savedVersion} with {prompt.version}
        </Link>
      )}
    </div>
  );
}
