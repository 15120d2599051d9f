import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { type Queue, useQueueChanges } from "../shared/use-queues.ts";
import { draftOf, TYPE_WORDS } from "./question-draft.ts";
import { QuestionFields } from "./question-fields.tsx";
import { useQuestionDrafts } from "./use-question-drafts.ts";

/** The questions. Each change is a new version; answers refer to their version. */
export function QuestionsSection({ queue }: { queue: Queue }) {
  const { queueId, questions, questionsVersion } = queue;
  const [isEditing, setIsEditing] = useState(false);
  const drafts = useQuestionDrafts(() => questions.map(draftOf));
  const { ask } = useQueueChanges();
  function save() {
    const asked = drafts.read();
    if (!asked) return;
    ask.mutate(
      { queueId, questions: asked },
      { onSuccess: ({ version }) => toastDone(`Version ${version} applies from the next answer`) },
    );
  }
  return (
    <Section
      title="Questions"
      description={`Version ${questionsVersion}`}
      action={
        !isEditing && (
          <Button size="small" onClick={() => setIsEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        {isEditing ? (
          <>
            <QuestionFields drafts={drafts.drafts} problems={drafts.problems} onChange={drafts.set} />
            <Failure text={ask.error ? explain(ask.error) : undefined} />
            <div className="flex gap-2">
              <Button kind="primary" isBusy={ask.isPending} onClick={save}>
                Save new version
              </Button>
              <Button
                onClick={() => {
                  drafts.set(questions.map(draftOf));
                  setIsEditing(false);
                }}
              >
                Cancel
              </Button>
            </div>
          </>
        ) : (
          <ol className="flex list-decimal flex-col gap-1 pl-5">
            {questions.map(({ key, title, type, isRequired }) => (
              <li key={key} className="[overflow-wrap:anywhere]">
                {title} <span className="text-muted">{TYPE_WORDS[type].toLowerCase()}</span>
                {!isRequired && <span className="text-muted">, optional</span>}{" "}
                <code className="text-xs text-muted">{key}</code>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Section>
  );
}
