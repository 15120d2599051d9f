import { CodeBlock } from "../../components/code-block.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { isGoing, type Run, useLog } from "./use-training.ts";

/** The end of what the trainer printed. */
export function LogTab({ run }: { run: Run }) {
  const log = useLog({ trainingRunId: run.trainingRunId, isLive: isGoing(run) });
  if (log.error && !log.data)
    return <ErrorState error={log.error} retry={() => log.refetch()} title="The log could not be loaded" />;
  if (!log.data) return <Skeleton className="h-40 rounded-card" />;
  if (log.data.text.trim() === "")
    return <EmptyState title="Nothing was printed">The trainer speaks here when something is odd.</EmptyState>;
  return (
    <>
      {!log.data.isWhole && <p className="text-xs text-muted">The beginning is left out.</p>}
      <CodeBlock code={log.data.text} label="Log of the trainer" />
    </>
  );
}
