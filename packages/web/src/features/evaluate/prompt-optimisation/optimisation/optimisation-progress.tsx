import { Link } from "@tanstack/react-router";
import type { RunTone } from "../../../../components/feedback/run-end.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { RunPanel, useRunLifecycle } from "../../../system/jobs/index.ts";
import { spentWords } from "../../experiments/index.ts";
import { type Optimisation, useOptimisationChanges } from "../shared/use-optimisations.ts";
import { stopWords } from "../shared/words.ts";

/** The progress of an optimisation, and then its result with the next steps. */
export function OptimisationProgress({ optimisation }: { optimisation: Optimisation }) {
  const { cancel, resume } = useOptimisationChanges();
  const { optimisationId, candidates, refused, status, message, stopped } = optimisation;
  const run = useRunLifecycle({
    id: optimisationId,
    run: optimisation,
    reload: ["optimisations", "prompt"],
    permission: "experiments:write",
    cancel,
    resume,
  });
  const isDone = status === "done";
  const words = (
    <>
      {message} {stopped !== null && stopped !== "finished" && stopWords(stopped)}
      {!isDone && " Finished answers are stored and are not requested again."}
    </>
  );
  return (
    <RunPanel
      run={run}
      ended={{
        tone: toneOf(optimisation),
        words,
        resume: isDone ? undefined : "Resume",
        links: <SavedVersion optimisation={optimisation} />,
      }}
    >
      <p className="num mt-2 text-xs text-muted">
        {formatNumberOf(candidates.length, "candidate")}, {formatCount(refused.length)} rejected.{" "}
        {spentWords(optimisation)}
      </p>
    </RunPanel>
  );
}

function toneOf({ status, verdict }: Optimisation): RunTone {
  if (status === "done") return verdict === "better" ? "good" : "neutral";
  return status === "failed" ? "bad" : "warn";
}

function SavedVersion({ optimisation: { savedVersion, prompt } }: { optimisation: Optimisation }) {
  if (savedVersion === null) return null;
  return (
    <Link
      to="/prompts/$name"
      params={{ name: prompt.name }}
      search={{ version: String(savedVersion), tab: "changes", against: String(prompt.version) }}
      className="underline underline-offset-2"
    >
      Compare version {savedVersion} with {prompt.version}
    </Link>
  );
}
