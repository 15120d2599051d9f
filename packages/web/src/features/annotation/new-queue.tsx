import { useNavigate } from "@tanstack/react-router";
import { AnnotationQueueInput, SUGGESTION_RULES } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { toastDone } from "../../components/toast.tsx";
import { newQuestion, TEMPLATES } from "./question-draft.ts";
import { QuestionFields } from "./question-fields.tsx";
import { SUGGESTION_WORDS } from "./queue-words.ts";
import { useQuestionDrafts } from "./use-question-drafts.ts";
import { useQueueChanges } from "./use-queues.ts";

const Form = AnnotationQueueInput.omit({ questions: true, guideline: true, reviewers: true, annotators: true });

/** Makes a queue: what is asked, how it is explained, and how many people answer each item. */
export function NewQueuePage() {
  const navigate = useNavigate();
  const { create } = useQueueChanges();
  const questions = useQuestionDrafts(() => [newQuestion("first", "binary", "Is the answer right?")]);
  const form = useFormState({
    schema: Form.extend({ markdown: AnnotationQueueInput.shape.description }),
    initial: { overlap: 2, goldRate: 0.05, isBlind: true, suggestions: "after" },
  });
  async function submit() {
    const asked = questions.read();
    const isSaved =
      asked &&
      (await form.submit(async ({ markdown, ...body }) => {
        const queue = await create.mutateAsync({ ...body, questions: asked, guideline: { markdown, examples: [] } });
        toastDone(`Made ${queue.name}`);
        void navigate({ to: "/annotation/$queueId", params: { queueId: queue.queueId } });
      }));
    if (!isSaved) document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
  return (
    <>
      <PageHeader
        title="New queue"
        description="What people are asked about each item, and how many of them."
        back={<BackLink to="/annotation" label="Annotation" />}
      />
      <form
        aria-label="Queue"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex max-w-200 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4"
      >
        <Section title="Queue">
          <div className="grid gap-4 px-4 pb-4">
            <Field label="Name" error={form.errors.name && "Give it a name of at most 120 characters."}>
              {(field) => (
                <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Support answers" />
              )}
            </Field>
            <Field
              label="Guideline"
              isOptional
              help="Markdown: when is an answer right, and what about the cases in between? Each change is a new version."
              error={form.errors.markdown}
            >
              {(field) => <TextArea {...field} rows={5} {...form.text("markdown")} />}
            </Field>
          </div>
        </Section>
        <Section title="Questions" description="Digits answer them, one key each.">
          <div className="flex flex-col gap-3 px-4 pb-4">
            <div className="flex flex-wrap gap-2">
              {TEMPLATES.map(({ name, about, questions: make }) => (
                <Button
                  key={name}
                  size="small"
                  title={about}
                  onClick={() => questions.set(make(() => crypto.randomUUID()))}
                >
                  {name}
                </Button>
              ))}
            </div>
            <QuestionFields drafts={questions.drafts} problems={questions.problems} onChange={questions.set} />
          </div>
        </Section>
        <Section title="People">
          <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-md:grid-cols-1">
            <Field
              label="People an item"
              help="Two or more tell how far people agree"
              error={form.errors.overlap && "A whole number from 1 to 50."}
            >
              {(field) => <NumberInput {...field} {...form.number("overlap")} min={1} max={50} step={1} />}
            </Field>
            <Field
              label="Share of test items, %"
              help="Items whose right answers you know, mixed in to see who answers well"
              error={form.errors.goldRate && "From 0 to 50."}
            >
              {(field) => (
                <NumberInput
                  {...field}
                  min={0}
                  max={50}
                  value={Number(((form.values.goldRate ?? 0) * 100).toPrecision(4))}
                  onChange={({ target }) => form.set({ goldRate: (target.valueAsNumber || 0) / 100 })}
                />
              )}
            </Field>
            <Field label="A judge's answer is shown" error={form.errors.suggestions}>
              {(field) => (
                <Select
                  {...field}
                  value={form.values.suggestions}
                  onChange={({ target }) =>
                    form.set({ suggestions: SUGGESTION_RULES.find((rule) => rule === target.value) })
                  }
                >
                  {SUGGESTION_RULES.map((rule) => (
                    <option key={rule} value={rule}>
                      {SUGGESTION_WORDS[rule]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Checkbox
              label="Hide where items are from"
              className="self-end pb-1.5"
              checked={form.values.isBlind ?? true}
              onChange={({ target }) => form.set({ isBlind: target.checked })}
            />
          </div>
        </Section>
        <Failure text={form.failure} />
        <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
          Make the queue
        </Button>
      </form>
    </>
  );
}
