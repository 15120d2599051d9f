import { StatusPageInput } from "@treadle/contract";
import { ExternalLink } from "lucide-react";
import { CopyButton } from "../../../components/feedback/copy-button.tsx";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Section } from "../../../components/layout/page.tsx";
import { ComponentsField } from "./components-field.tsx";
import { type StatusPage, useSaveStatusPage } from "./use-status-page.ts";

type FormProps = { stored: StatusPage; canWrite: boolean };

const useStatusForm = (stored: StatusPage) => useFormState({ schema: StatusPageInput, initial: fieldsOf(stored) });
type StatusFormState = ReturnType<typeof useStatusForm>;

/** The settings of the public page. */
export function StatusForm({ stored, canWrite }: FormProps) {
  const save = useSaveStatusPage();
  const form = useStatusForm(stored);
  async function submit() {
    if (await form.submit((body) => save.mutateAsync(body))) toastDone("Saved the status page");
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset disabled={!canWrite} className="min-w-0">
        <Section
          title="Status page"
          description="A public page with the state of chosen components. It shows no models, filters, costs or names of this project."
        >
          <Fields form={form} stored={stored} canWrite={canWrite} />
        </Section>
      </fieldset>
    </form>
  );
}

type FieldsProps = FormProps & { form: StatusFormState };

const Fields = ({ form, stored, canWrite }: FieldsProps) => (
  <div className="flex flex-col gap-4 px-4 pb-4">
    <Publication form={form} canWrite={canWrite} />
    {stored.path !== null && <Address path={stored.path} />}
    <SlugField form={form} />
    <Words form={form} />
    <ComponentsField
      components={form.values.components ?? []}
      onChange={(components) => form.set({ components: [...components] })}
      error={form.errors.components && "Give each component a name and an SLO."}
    />
    <Checkbox
      label="Show the number of requests of each day"
      checked={form.values.showsRequests ?? false}
      onChange={({ target }) => form.set({ showsRequests: target.checked })}
    />
    <Failure text={form.failure} />
    {canWrite && (
      <Button type="submit" kind="primary" className="self-start" isBusy={form.isBusy}>
        Save
      </Button>
    )}
  </div>
);

const Publication = ({ form, canWrite }: Pick<FieldsProps, "form" | "canWrite">) => (
  <div className="flex flex-col gap-1">
    <Checkbox
      label="Publish the page"
      checked={form.values.isEnabled ?? false}
      onChange={({ target }) => form.set({ isEnabled: target.checked })}
    />
    <p className="max-w-170 text-xs text-muted">
      Anyone who has the address can read the page, without an account.
      {!canWrite && " You need permission to edit the project to change this."}
    </p>
  </div>
);

const SlugField = ({ form }: Pick<FieldsProps, "form">) => (
  <Field
    label="Address"
    isOptional
    help="The last part of the address, such as shop-status. If it is empty, Treadle makes a random address."
    error={form.errors.slug && "Use 3 to 60 lower-case letters, digits and hyphens."}
  >
    {(field) => (
      <TextInput
        {...field}
        value={form.values.slug ?? ""}
        onChange={({ target }) => form.set({ slug: target.value || null })}
        onBlur={() => form.check("slug")}
        className="max-w-100 font-mono text-sm"
      />
    )}
  </Field>
);

function Address({ path }: { path: string }) {
  const url = `${window.location.origin}${path}`;
  return (
    <p className="flex min-w-0 items-center gap-2">
      <a href={path} target="_blank" rel="noreferrer" className="min-w-0 text-sm break-all text-accent hover:underline">
        {url} <ExternalLink aria-hidden size={12} className="inline" />
      </a>
      <CopyButton text={url} label="Copy address" />
    </p>
  );
}

const Words = ({ form }: { form: StatusFormState }) => (
  <>
    <Field label="Title" error={form.errors.title && "Enter a title of at most 120 characters."}>
      {(field) => <TextInput {...field} {...form.text("title")} required className="max-w-100" />}
    </Field>
    <Field label="Description" isOptional error={form.errors.description}>
      {(field) => <TextArea {...field} {...form.text("description")} rows={2} className="max-w-170" />}
    </Field>
  </>
);

const fieldsOf = ({ path: _, updatedAt, ...fields }: StatusPage) => fields;
