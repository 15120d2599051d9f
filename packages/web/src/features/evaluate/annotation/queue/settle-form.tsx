import type { AnnotationValues } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { answersToSend, askedQuestions } from "../item/answer-values.ts";
import { QuestionInput } from "../item/question-input.tsx";
import type { Queue } from "../shared/use-queues.ts";
import { useItemChanges, type WholeItem } from "./use-queue-reports.ts";

/** Sets the final answer. The form starts empty, so that it suggests no side of a dispute. If another reviewer was faster, nothing is overwritten. */
export function SettleForm({ queue, item }: { queue: Queue; item: WholeItem }) {
  const { settle } = useItemChanges();
  const [latest] = item.adjudications;
  const [values, setValues] = useState<AnnotationValues>(() => latest?.answers ?? {});
  const [reason, setReason] = useState(latest?.reason ?? "");
  // Reviewers name the candidates, because left and right are random per person.
  const content = {
    fields: item.content.fields,
    candidates: item.content.candidates.map(({ id, fields }) => ({ key: id, fields })),
  };
  const [left, right] = content.candidates;
  const send = () =>
    settle.mutate(
      {
        itemId: item.itemId,
        body: { answers: answersToSend(queue.questions, values), reason, seenVersion: item.adjudicationVersion },
      },
      { onSuccess: () => toastDone("Settled") },
    );
  return (
    <Section
      title={latest ? "Settled" : "Final answer"}
      description={
        latest ? (
          <>
            By {latest.by.name}, <AgoCell iso={latest.createdAt} />. A new answer replaces this one.
          </>
        ) : (
          "This answer overrides all earlier answers."
        )
      }
    >
      <div className="flex flex-col gap-4 px-4 pb-4">
        <div className="flex flex-wrap items-center gap-1.5">
          {submittedAnswers(item).map(({ answerId, annotator, answers }) => (
            <Button key={answerId} size="small" onClick={() => setValues(answers)}>
              Use answer of {annotator.name}
            </Button>
          ))}
        </div>
        {askedQuestions(queue.questions, values).map((question) => (
          <div key={question.key}>
            <p className="mb-1 font-medium">{question.title}</p>
            {question.type === "pairwise" && left && right ? (
              <div className="flex flex-wrap gap-1.5">
                {[
                  left.key,
                  right.key,
                  ...(question.allowsTie ? ["tie"] : []),
                  ...(question.allowsNeither ? ["neither"] : []),
                ].map((one) => (
                  <Button
                    key={one}
                    aria-pressed={values[question.key] === one}
                    className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
                    onClick={() => setValues({ ...values, [question.key]: one })}
                  >
                    {one === "tie" ? "Equally good" : one === "neither" ? "Both bad" : `${one} is better`}
                  </Button>
                ))}
              </div>
            ) : (
              <QuestionInput
                question={question}
                value={values[question.key]}
                content={content}
                onChange={(value) => {
                  const { [question.key]: _, ...rest } = values;
                  setValues(value === undefined ? rest : { ...rest, [question.key]: value });
                }}
              />
            )}
          </div>
        ))}
        <Field label="Reason" isOptional help="Shown to annotators, so that they can learn from it">
          {(field) => (
            <TextInput
              {...field}
              value={reason}
              maxLength={20_000}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Field>
        <Failure text={settle.error ? explain(settle.error) : undefined} />
        <Button kind="primary" className="self-start" isBusy={settle.isPending} onClick={send}>
          {latest ? "Settle again" : "Settle"}
        </Button>
      </div>
    </Section>
  );
}

/** The latest answers of each person, which can fill the form. */
const submittedAnswers = ({ answers }: WholeItem) =>
  answers.filter(({ isCurrent, status }) => isCurrent && status === "submitted");
