import { QuestionsSection } from "../questions/questions-section.tsx";
import { RulesSection } from "../rules/rules-section.tsx";
import type { Queue } from "../shared/use-queues.ts";
import { GuidelineSection } from "./guideline-section.tsx";
import { QueueForm } from "./queue-form.tsx";

/** The settings of a queue: guideline, questions, rules, annotators and reviewers. */
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
