import { GuidelineSection } from "./guideline-section.tsx";
import { QuestionsSection } from "./questions-section.tsx";
import { QueueForm } from "./queue-form.tsx";
import { RulesSection } from "./rules-section.tsx";
import type { Queue } from "./use-queues.ts";

/** How the queue works: its guideline and questions, what comes in by itself, who answers and who settles. */
export function SettingsTab({ queue }: { queue: Queue }) {
  return (
    <div className="flex max-w-200 flex-col gap-4">
      <GuidelineSection key={queue.guideline.version} queue={queue} />
      <QuestionsSection key={`questions ${queue.questionsVersion}`} queue={queue} />
      <RulesSection queueId={queue.queueId} />
      <QueueForm queue={queue} />
    </div>
  );
}
