import { useNavigate } from "@tanstack/react-router";
import { AnnotationQueueInput } from "@treadle/contract";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { BackLink, PageHeader, Section } from "../../../../components/layout/page.tsx";
import { newQuestion, type QuestionDraft, TEMPLATES } from "../questions/question-draft.ts";
import { QuestionFields } from "../questions/question-fields.tsx";
import { useQuestionDrafts } from "../questions/use-question-drafts.ts";
import { useQueueChanges } from "../shared/use-queues.ts";
import { ShareField, SuggestionField } from "./queue-fields.tsx";

const QUEUE = AnnotationQueueInput.omit({
  questions: true,
  guideline: true,
  reviewers: true,
  annotators: true,
}).extend({ markdown: AnnotationQueueInput.shape.description });
type Form = ReturnType<typeof useFormState<typeof QUEUE>>;

/** The form of a new queue: questions, guideline and people per item. */
export function NewQueuePage() {
  const navigate = useNavigate();
  const { create } = useQueueChanges();
  const questions = useQuestionDrafts(() => [newQuestion("first", "binary", "Is the answer right?")]);
  const form = useFormState({
    schema: QUEUE,
    initial: { overlap: 2, goldRate: 0.05, isBlind: true, suggestions: "after" },
  });
  async function submit() {
    const asked = questions.read();
    const isSaved =
      asked &&
      (await form.submit(async ({ markdown, ...body }) => {
        const queue = await create.mutateAsync({ ...body, questions: asked, guideline: { markdown, examples: [] } });
        toastDone(`Created ${queue.name}`);
        void navigate({ to: "/annotation/$queueId", params: { queueId: queue.queueId } });
      }));
    if (!isSaved) document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
  return (
    <>
      <PageHeader
        title="New queue"
        description="Define the questions for each item, and how many people answer them."
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
        <GeneralFields form={form} />
        <Section title="Questions" description="Annotators answer with one digit key per question.">
          <div className="flex flex-col gap-3 px-4 pb-4">
            <Templates onChoose={questions.set} />
            <QuestionFields drafts={questions.drafts} problems={questions.problems} onChange={questions.set} />
          </div>
        </Section>
        <PeopleFields form={form} />
        <Failure text={form.failure} />
        <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
          Create queue
        </Button>
      </form>
    </>
  );
}

function GeneralFields({ form }: { form: Form }) {
  return (
    <Section title="Queue">
      <div className="grid gap-4 px-4 pb-4">
        <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Support answers" />}
        </Field>
        <Field
          label="Guideline"
          isOptional
          help="Markdown. Explain when an answer is right, and how to treat unclear cases. Each change is a new version."
          error={form.errors.markdown}
        >
          {(field) => <TextArea {...field} rows={5} {...form.text("markdown")} />}
        </Field>
      </div>
    </Section>
  );
}

/** Common sets of questions to start from. */
function Templates({ onChoose }: { onChoose: (drafts: readonly QuestionDraft[]) => void }) {
  return (
    <div className="flex flex-wrap gap-2">
      {TEMPLATES.map(({ name, about, questions }) => (
        <Button key={name} size="small" title={about} onClick={() => onChoose(questions(() => crypto.randomUUID()))}>
          {name}
        </Button>
      ))}
    </div>
  );
}

function PeopleFields({ form }: { form: Form }) {
  const { goldRate, suggestions: rule, isBlind = true } = form.values;
  return (
    <Section title="People">
      <div className="grid grid-cols-2 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <Field
          label="People per item"
          help="Use two or more to measure agreement"
          error={form.errors.overlap && "Enter a whole number from 1 to 50."}
        >
          {(field) => <NumberInput {...field} {...form.number("overlap")} min={1} max={50} step={1} />}
        </Field>
        <ShareField
          label="Test items (%)"
          help="Items with known answers, mixed in to measure the accuracy of each person"
          share={goldRate}
          most={50}
          error={form.errors.goldRate}
          onChange={(share) => form.set({ goldRate: share })}
        />
        <SuggestionField
          rule={rule}
          error={form.errors.suggestions}
          onChange={(suggestions) => form.set({ suggestions })}
        />
        <Checkbox
          label="Hide item sources"
          className="self-end pb-1.5"
          checked={isBlind}
          onChange={({ target }) => form.set({ isBlind: target.checked })}
        />
      </div>
    </Section>
  );
}
