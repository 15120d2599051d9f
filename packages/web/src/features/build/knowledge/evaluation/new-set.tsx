import { useNavigate } from "@tanstack/react-router";
import { RetrievalQuestionSetInput } from "@treadle/contract";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { useCreateSet } from "./use-question-sets.ts";

type SetProps = { knowledgeBaseId: string; close: () => void };

/** Creates an empty question set and shows it. */
export function NewSet({ knowledgeBaseId, close }: SetProps) {
  const create = useCreateSet(knowledgeBaseId);
  const navigate = useNavigate();
  const form = useFormState({ schema: RetrievalQuestionSetInput, initial: {} });
  const submit = () =>
    form.submit(async (body) => {
      const { questionSetId } = await create.mutateAsync(body);
      close();
      await navigate({
        to: "/knowledge/$knowledgeBaseId/evaluation",
        params: { knowledgeBaseId },
        search: { set: questionSetId },
      });
    });
  return (
    <FormDialog
      title="New question set"
      description="You add or import questions in the next step."
      form={form}
      verb="Create question set"
      onSubmit={submit}
      close={close}
    >
      <SetFields form={form} />
    </FormDialog>
  );
}

type FieldsProps = { form: ReturnType<typeof useFormState<typeof RetrievalQuestionSetInput>> };

const SetFields = ({ form }: FieldsProps) => (
  <>
    <Field label="Name" error={form.errors.name}>
      {(field) => (
        <TextInput
          {...field}
          {...form.text("name")}
          // An error on blur would move the button under the pointer, and the click would be lost.
          onBlur={undefined}
          required
          autoFocus
          maxLength={120}
          placeholder="Support questions"
        />
      )}
    </Field>
    <Field label="Description" isOptional error={form.errors.description}>
      {(field) => <TextArea {...field} {...form.text("description")} rows={2} maxLength={2_000} />}
    </Field>
  </>
);
