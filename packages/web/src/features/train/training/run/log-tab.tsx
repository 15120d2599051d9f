import { CodeBlock } from "../../../../components/content/code-block.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { isGoing, type Run, useLog } from "../shared/use-training.ts";

/** The last lines of the trainer's output. */
export function LogTab({ run }: { run: Run }) {
  const log = useLog({ trainingRunId: run.trainingRunId, isLive: isGoing(run) });
  if (log.error && !log.data)
    return <ErrorState error={log.error} retry={() => log.refetch()} title="The log could not be loaded" />;
  if (!log.data) return <Skeleton className="h-40 rounded-card" />;
  if (log.data.text.trim() === "")
    return <EmptyState title="The log is empty">The trainer prints warnings and errors here.</EmptyState>;
  return (
    <>
      {!log.data.isWhole && <p className="text-xs text-muted">Earlier lines are not shown.</p>}
      <CodeBlock code={log.data.text} label="Trainer log" />
    </>
  );
}
