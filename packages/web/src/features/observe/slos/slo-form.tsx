import { useNavigate } from "@tanstack/react-router";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { AlertFields } from "./alert-fields.tsx";
import { GoalFields } from "./goal-fields.tsx";
import { IndicatorFields } from "./indicator-fields.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { RequestFields } from "./request-fields.tsx";
import { type SloFormState, useSloForm } from "./use-slo-form.ts";
import { type Slo, useSloChanges } from "./use-slos.ts";

type FormProps = { slo: Slo | undefined; endpoint?: string | undefined; close: () => void };

/** Makes an SLO or changes one, with what the stored requests say of it. */
export function SloForm({ slo, endpoint = "", close }: FormProps) {
  const form = useSloForm(slo, endpoint);
  const save = useSave(slo, close);
  const cancel = () => {
    form.discard();
    close();
  };
  return (
    <FormDialog
      title={slo ? `Edit ${slo.name}` : "New SLO"}
      form={form}
      verb={slo ? "Save" : "Create SLO"}
      onSubmit={() => save(form)}
      close={close}
      onCancel={cancel}
      width="wide"
    >
      <Fields form={form} />
    </FormDialog>
  );
}

/** Saves the form. A new SLO is then opened. */
function useSave(slo: Slo | undefined, close: () => void) {
  const { create, update } = useSloChanges();
  const navigate = useNavigate();
  return async (form: SloFormState) => {
    let sloId = slo?.sloId;
    const isSaved = await form.submit(async (body) => {
      if (slo) await update.mutateAsync({ sloId: slo.sloId, body });
      else sloId = (await create.mutateAsync(body)).sloId;
    });
    if (!isSaved) return;
    toastDone(`${slo ? "Saved" : "Created"} ${form.values.name}`);
    close();
    if (!slo && sloId !== undefined) void navigate({ to: "/slos/$sloId", params: { sloId } });
  };
}

const Fields = ({ form }: { form: SloFormState }) => (
  <>
    <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
      {(field) => (
        <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Support answers in time" />
      )}
    </Field>
    <RequestFields form={form} />
    <IndicatorFields form={form} />
    <GoalFields form={form} />
    <AlertFields form={form} />
    <PreviewPanel values={form.values} />
  </>
);
