import { RetrievalQuestionInput } from "@treadle/contract";
import { useState } from "react";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { type QuestionSet, useAddQuestion } from "./use-question-sets.ts";

/** Adds a question with the passage that answers it. */
export function NewQuestion({ set, close }: { set: QuestionSet; close: () => void }) {
  const add = useAddQuestion(set.questionSetId);
  const [document, setDocument] = useState("");
  const [quote, setQuote] = useState("");
  const form = useFormState({ schema: RetrievalQuestionInput, initial: {} });
  const submit = () =>
    form.submit(async (body) => {
      const judgement = { documentId: document.trim(), ...(quote.trim() && { quote: quote.trim() }) };
      await add.mutateAsync({ ...body, relevant: document.trim() ? [judgement] : [] });
      close();
    });
  return (
    <FormDialog title="Add question" form={form} verb="Add question" onSubmit={submit} close={close}>
      <Field label="Question" error={form.errors.question}>
        {(field) => (
          <TextInput {...field} {...form.text("question")} onBlur={undefined} required autoFocus maxLength={10_000} />
        )}
      </Field>
      <DocumentField value={document} onChange={setDocument} />
      <QuoteField value={quote} onChange={setQuote} isDisabled={document.trim() === ""} />
    </FormDialog>
  );
}

type FieldProps = { value: string; onChange: (value: string) => void };

const DocumentField = ({ value, onChange }: FieldProps) => (
  <Field
    label="Document"
    isOptional
    help="The name or id of the document with the answer. Leave it empty if the documents do not answer the question."
  >
    {(field) => (
      <TextInput
        {...field}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        maxLength={500}
        placeholder="handbook.pdf"
      />
    )}
  </Field>
);

const QuoteField = ({ value, onChange, isDisabled }: FieldProps & { isDisabled: boolean }) => (
  <Field
    label="Quote"
    isOptional
    help="The passage that answers the question, copied from the document. Leave it empty if the whole document is relevant."
  >
    {(field) => (
      <TextArea
        {...field}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        disabled={isDisabled}
        rows={3}
        maxLength={20_000}
      />
    )}
  </Field>
);
