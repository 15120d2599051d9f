import { Link } from "@tanstack/react-router";
import { buttonLook } from "../../components/button.tsx";
import { formatBytes, formatCompact, formatCount, formatDuration, formatMoney } from "../../components/format.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { shareOf } from "./run-status.tsx";
import { isGoing, type Run } from "./use-training.ts";
import { formatLoss, reasonWords, timeWords } from "./words.ts";

/** How far a run is in numbers, or how it ended and what can be done. */
export function RunProgress({ run }: { run: Run }) {
  return (
    <div className="flex flex-col gap-3 px-6 pt-3 max-md:px-4">
      {isGoing(run) ? <Going run={run} /> : <Ended run={run} />}
      {run.warnings.length > 0 && (
        <ul className="rounded-control bg-warn-soft px-3 py-2">
          {run.warnings.map((warning) => (
            <li key={warning} className="[overflow-wrap:anywhere]">
              {warning}
            </li>
          ))}
        </ul>
      )}
      <Facts run={run} />
    </div>
  );
}

const WISHES: Readonly<Record<Run["wanted"], string>> = {
  run: "",
  stop: "It stops after this step and saves.",
  pause: "It pauses after this step and saves.",
  cancel: "It is being broken off.",
};

function Going({ run }: { run: Run }) {
  const { status, message, queuePosition, progress, wanted } = run;
  const waits =
    queuePosition === null ? "" : queuePosition === 1 ? "It is the next." : `${queuePosition - 1} before it.`;
  return (
    <div className="card flex flex-col gap-2 p-4">
      <p className="flex flex-wrap justify-between gap-x-4" aria-live="polite">
        <span className="[overflow-wrap:anywhere]">
          {message || "It goes on."} {waits} {WISHES[wanted]}
        </span>
        {status === "running" && <span className="num text-muted">{timeWords(run)}</span>}
      </p>
      <ProgressBar label="Steps made" value={status === "running" ? shareOf(run) : undefined} />
      {progress.step !== null && progress.totalSteps !== null && (
        <p className="num text-xs text-muted">
          step {formatCount(progress.step)} of {formatCount(progress.totalSteps)}
        </p>
      )}
    </div>
  );
}

function Ended({ run }: { run: Run }) {
  const { status, error, model, stopReason, resumeBlockedReason } = run;
  if (status === "succeeded")
    return (
      <div role="status" className="flex flex-wrap items-center gap-3 rounded-control bg-accent-soft px-3 py-2">
        <p className="min-w-0 grow">
          {reasonWords(stopReason)}
          {model && ` It is version ${model.version} of ${model.name}.`}
        </p>
        {model && (
          <Link to="/models/registry/$name" params={{ name: model.name }} className={buttonLook("plain", "small")}>
            Open the model
          </Link>
        )}
      </div>
    );
  return (
    <div
      role="status"
      className={`rounded-control px-3 py-2 [overflow-wrap:anywhere] ${status === "failed" ? "bg-bad-soft" : "bg-warn-soft"}`}
    >
      {error ? (
        <>
          <p className="whitespace-pre-line">{error.message}</p>
          {error.whatToDo && <p className="mt-1 font-medium">{error.whatToDo}</p>}
          {error.kind === "platform" && <p className="mt-1 text-muted">This is not about the data or the settings.</p>}
        </>
      ) : (
        <p>
          {status === "paused"
            ? "It is paused, and goes on from its last checkpoint when it is resumed."
            : "It was cancelled."}
        </p>
      )}
      {resumeBlockedReason && <p className="mt-1 text-muted">It cannot be resumed: {resumeBlockedReason}</p>}
    </div>
  );
}

function Facts({ run }: { run: Run }) {
  const { progress, data, remote, costUsd } = run;
  const facts = [
    ["Loss", formatLoss(progress.loss)],
    ["Held-out loss", formatLoss(progress.evalLoss)],
    [
      "Best",
      progress.bestEvalLoss === null
        ? "–"
        : `${formatLoss(progress.bestEvalLoss)} at step ${formatCount(progress.bestStep ?? 0)}`,
    ],
    ["Rows", data ? `${formatCount(data.train)} + ${formatCount(data.val)}` : "–"],
    ["Tokens trained on", progress.trainedTokens === null ? "–" : formatCompact(progress.trainedTokens)],
    ...(remote
      ? ([
          ["Cost", costUsd === null ? "–" : formatMoney(costUsd)],
          ["Job there", remote.jobId ?? "–"],
        ] as const)
      : ([
          ["Tokens/s", progress.tokensPerSecond === null ? "–" : formatCompact(progress.tokensPerSecond)],
          ["Memory", progress.memoryMb === null ? "–" : formatBytes(progress.memoryMb * 1_048_576)],
        ] as const)),
    ["Time", progress.elapsedSeconds === null ? "–" : formatDuration(progress.elapsedSeconds * 1_000)],
  ] as const;
  return (
    <dl className="grid grid-cols-8 gap-x-4 gap-y-2 max-xl:grid-cols-4 max-sm:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="num truncate font-medium" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
