import { Link } from "@tanstack/react-router";
import { ProgressBar } from "../../../../components/feedback/progress-bar.tsx";
import { RunEnd } from "../../../../components/feedback/run-end.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatMoney,
} from "../../../../components/text/format.ts";
import { DeployButton } from "../../../release/deployments/index.ts";
import { evaluatedShareOf, shareOf } from "../shared/run-status.tsx";
import { isGoing, type Run } from "../shared/use-training.ts";
import { formatLoss, keptRows, reasonWords, resultWords, timeWords } from "../shared/words.ts";

/** The progress of a run in numbers, or its result and the next steps. */
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
  stop: "The run stops after this step and saves.",
  pause: "The run pauses after this step and saves.",
  cancel: "Canceling.",
};

function Going({ run }: { run: Run }) {
  const { status, message, queuePosition, progress, wanted } = run;
  const waits =
    queuePosition === null
      ? ""
      : queuePosition === 1
        ? "Next in the queue."
        : `${queuePosition - 1} runs before it in the queue.`;
  return (
    <div className="card flex flex-col gap-2 p-4">
      <p className="flex flex-wrap justify-between gap-x-4" aria-live="polite">
        <span className="[overflow-wrap:anywhere]">
          {message || "Running."} {waits} {WISHES[wanted]}
        </span>
        {status === "running" && <span className="num text-muted">{timeWords(run)}</span>}
      </p>
      {progress.evalBatches !== null ? (
        <ProgressBar label="Evaluation" value={evaluatedShareOf(run)} />
      ) : (
        <ProgressBar label="Training" value={status === "running" ? shareOf(run) : undefined} />
      )}
      {progress.step !== null && progress.totalSteps !== null && (
        <p className="num text-xs text-muted">
          step {formatCount(progress.step)} of {formatCount(progress.totalSteps)}
        </p>
      )}
    </div>
  );
}

function Ended({ run }: { run: Run }) {
  const { status, model, stopReason } = run;
  if (status === "succeeded")
    return (
      <RunEnd
        tone="good"
        words={
          <>
            {reasonWords(stopReason)} {resultWords(run)}
            {model && ` Saved as version ${model.version} of ${model.name}.`}
          </>
        }
      >
        {model && <DeployButton model={model.name} version={model.version} />}
        {model && (
          <Link to="/models/registry/$name" params={{ name: model.name }} className={buttonLook("plain", "small")}>
            Open model
          </Link>
        )}
      </RunEnd>
    );
  return <RunEnd tone={status === "failed" ? "bad" : "warn"} words={<Trouble run={run} />} />;
}

/** Why a run ended without a model, and what to do about it. */
function Trouble({ run: { status, error, resumeBlockedReason } }: { run: Run }) {
  return (
    <>
      {error ? (
        <>
          <p className="whitespace-pre-line">{error.message}</p>
          {error.whatToDo && <p className="mt-1 font-medium">{error.whatToDo}</p>}
          {error.kind === "platform" && (
            <p className="mt-1 text-muted">The data and the settings did not cause this error.</p>
          )}
        </>
      ) : (
        <p>
          {status === "paused"
            ? "The run is paused. It continues from its last checkpoint when you resume it."
            : "The run was canceled."}
        </p>
      )}
      {resumeBlockedReason && <p className="mt-1 text-muted">The run cannot be resumed: {resumeBlockedReason}</p>}
    </>
  );
}

function Facts({ run }: { run: Run }) {
  const { progress, data, remote, costUsd } = run;
  const facts = [
    ["Loss", formatLoss(progress.loss)],
    ["Evaluation loss", formatLoss(progress.evalLoss)],
    [
      "Best",
      progress.bestEvalLoss === null
        ? "–"
        : `${formatLoss(progress.bestEvalLoss)} at step ${formatCount(progress.bestStep ?? 0)}`,
    ],
    ["Rows", data ? keptRows(data).map(formatCount).join(" + ") : "–"],
    ["Trained tokens", progress.trainedTokens === null ? "–" : formatCompact(progress.trainedTokens)],
    ...(remote
      ? ([
          ["Cost", costUsd === null ? "–" : formatMoney(costUsd)],
          ["Provider job", remote.jobId ?? "–"],
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
