import { useNavigate } from "@tanstack/react-router";
import { KnowledgeBaseInput, KnowledgeIndexing } from "@treadle/contract";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { GoesLiveField } from "../shared/goes-live-field.tsx";
import { IndexingFields } from "../shared/indexing-fields.tsx";
import { useCreateBase } from "../shared/use-bases.ts";

/** Creates a knowledge base and opens it. */
export function NewBase({ close }: { close: () => void }) {
  const create = useCreateBase();
  const navigate = useNavigate();
  const form = useFormState({
    schema: KnowledgeBaseInput,
    initial: { goesLive: true, indexing: KnowledgeIndexing.parse({}) },
  });
  const submit = () =>
    form.submit(async (body) => {
      const { knowledgeBaseId } = await create.mutateAsync(body);
      await navigate({ to: "/knowledge/$knowledgeBaseId", params: { knowledgeBaseId } });
    });
  return (
    <FormDialog
      title="New knowledge base"
      description="You upload documents in the next step."
      form={form}
      verb="Create knowledge base"
      onSubmit={submit}
      close={close}
    >
      <NameField form={form} />
      <DescriptionField form={form} />
      <AdvancedFields form={form} />
    </FormDialog>
  );
}

type FieldProps = { form: ReturnType<typeof useFormState<typeof KnowledgeBaseInput>> };

const NameField = ({ form }: FieldProps) => (
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
        placeholder="Handbook"
      />
    )}
  </Field>
);

const DescriptionField = ({ form }: FieldProps) => (
  <Field label="Description" isOptional error={form.errors.description}>
    {(field) => (
      <TextArea
        {...field}
        {...form.text("description")}
        rows={2}
        maxLength={2_000}
        placeholder="What the documents are about and who uses them"
      />
    )}
  </Field>
);

const AdvancedFields = ({ form }: FieldProps) => (
  <details>
    <summary className="w-fit text-sm font-medium">Advanced</summary>
    <div className="mt-3 flex flex-col gap-4">
      <IndexingFields value={form.values.indexing ?? {}} onChange={(indexing) => form.set({ indexing })} />
      <GoesLiveField isOn={form.values.goesLive ?? true} onChange={(goesLive) => form.set({ goesLive })} />
    </div>
  </details>
);
