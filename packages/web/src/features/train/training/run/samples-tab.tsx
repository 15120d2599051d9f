import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { isGoing, type Run, useSamples } from "../shared/use-training.ts";

/** The model's answers to the sample prompts, newest evaluation first. */
export function SamplesTab({ run }: { run: Run }) {
  const samples = useSamples({ trainingRunId: run.trainingRunId, isLive: isGoing(run) });
  if (samples.error && !samples.data)
    return <ErrorState error={samples.error} retry={() => samples.refetch()} title="The samples could not be loaded" />;
  if (!samples.data) return <Skeleton className="h-40 rounded-card" />;
  if (samples.data.length === 0)
    return (
      <EmptyState title={isGoing(run) ? "No samples yet" : "No sample prompts"}>
        {run.config.eval.samples.length > 0
          ? "The model answers the sample prompts at every evaluation."
          : "Add sample prompts when you create a run. The model answers them at every evaluation, so that you can follow its progress."}
      </EmptyState>
    );
  const byPrompt = Map.groupBy(samples.data, ({ prompt }) => questionOf(prompt));
  return (
    <div className="flex flex-col gap-4">
      {[...byPrompt].map(([question, answers]) => (
        <section key={question} aria-label={question.slice(0, 80)} className="card overflow-hidden">
          <h2 dir="auto" className="px-4 pt-3 pb-2 font-semibold whitespace-pre-wrap [overflow-wrap:anywhere]">
            {question}
          </h2>
          <ol className="border-line border-t">
            {answers.toReversed().map(({ seq, step, output }) => (
              <li
                key={seq}
                className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 border-line border-b px-4 py-2 last:border-0 max-sm:grid-cols-1"
              >
                <span className="num text-muted">step {step}</span>
                <span dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                  {output || <span className="text-muted">empty answer</span>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** The last message of the prompt. */
function questionOf(prompt: unknown): string {
  if (typeof prompt === "string") return prompt;
  const last: unknown = Array.isArray(prompt) ? prompt.at(-1) : undefined;
  return typeof last === "object" && last !== null && "content" in last && typeof last.content === "string"
    ? last.content
    : JSON.stringify(prompt);
}
