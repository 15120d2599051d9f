import type { AnnotationValues } from "@treadle/contract";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { toastDone } from "../../components/toast.tsx";
import { answersToSend, askedQuestions } from "./answer-values.ts";
import { QuestionInput } from "./question-input.tsx";
import { useItemChanges, type WholeItem } from "./use-queue-reports.ts";
import type { Queue } from "./use-queues.ts";
import { wordsOfValue } from "./value-words.ts";

/** Settles what the right answers are. Begins with what most said; a reviewer who was faster is told, and nothing is written over. */
export function SettleForm({ queue, item }: { queue: Queue; item: WholeItem }) {
  const { settle } = useItemChanges();
  const [latest] = item.adjudications;
  const [values, setValues] = useState<AnnotationValues>(() => latest?.answers ?? mostSaid(item));
  const [reason, setReason] = useState(latest?.reason ?? "");
  // Reviewers name candidates themselves, so that sides mean nothing to them.
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
      title={latest ? "Settled" : "Settle it"}
      description={
        latest ? (
          <>
            By {latest.by.name}, <AgoCell iso={latest.createdAt} />. A new answer takes the place of this one.
          </>
        ) : (
          "What you say here is the answer, whatever was answered before."
        )
      }
    >
      <div className="flex flex-col gap-4 px-4 pb-4">
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
                    {one === "tie" ? "Equally good" : one === "neither" ? "Both are bad" : `${one} is better`}
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
        <Field label="Reason" isOptional help="What others can learn from it">
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
          {latest ? "Settle it anew" : "Settle it"}
        </Button>
      </div>
    </Section>
  );
}

/** Of each question the answer that most gave, of equally many the first; none where more people left the question out. */
function mostSaid({ answers }: WholeItem): AnnotationValues {
  const said = new Map<string, Map<string, { count: number; value: AnnotationValues[string] }>>();
  const given = answers.filter(({ isCurrent, status }) => isCurrent && status === "submitted");
  for (const { answers: values } of given) {
    for (const [key, value] of Object.entries(values)) {
      const counts = said.get(key) ?? new Map();
      const words = `${typeof value} ${wordsOfValue(value)}`;
      counts.set(words, { value, count: (counts.get(words)?.count ?? 0) + 1 });
      said.set(key, counts);
    }
  }
  const winners = [...said].flatMap(([key, counts]) => {
    const [first] = [...counts.values()].sort((a, b) => b.count - a.count);
    const left = given.filter(({ answers: values }) => values[key] === undefined).length;
    return first === undefined || left > first.count ? [] : [[key, first.value] as const];
  });
  return Object.fromEntries(winners);
}
