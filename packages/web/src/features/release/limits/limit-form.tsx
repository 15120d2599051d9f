import { LimitInput, LimitPatch } from "@treadle/contract";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { AmountFields } from "./amount-fields.tsx";
import { RuleFields } from "./rule-fields.tsx";
import { ScopeFields } from "./scope-fields.tsx";
import { type Limit, useLimitChanges } from "./use-limits.ts";

const useLimitForm = (limit: Limit | undefined) =>
  useFormState({
    schema: LimitInput,
    initial: limit ? fieldsOf(limit) : { measure: "cost", window: "month", scope: "project", timeZone: localZone() },
  });
export type LimitFormState = ReturnType<typeof useLimitForm>;

/** Adds or edits a limit. What an existing limit counts cannot change. */
export function LimitForm({ limit, close }: { limit: Limit | undefined; close: () => void }) {
  const { create, update } = useLimitChanges();
  const form = useLimitForm(limit);
  const { name } = form.values;
  async function submit() {
    const isSaved = await form.submit((body) =>
      limit ? update.mutateAsync({ limitId: limit.limitId, body: changesOf(body) }) : create.mutateAsync(body),
    );
    if (!isSaved) return;
    toastDone(limit ? `Saved ${name}` : `${name} is active`);
    close();
  }
  return (
    <Dialog title={limit ? `Edit ${limit.name}` : "New limit"} close={close}>
      <form
        aria-label="Limit"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Monthly budget" />}
        </Field>
        <AmountFields form={form} isNew={!limit} />
        <ScopeFields form={form} isNew={!limit} />
        <RuleFields form={form} />
        <Failure text={form.failure} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {limit ? "Save" : "Create limit"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The fields of the input that a change may contain. */
const changesOf = (body: object) =>
  LimitPatch.parse(Object.fromEntries(Object.entries(body).filter(([field]) => field in LimitPatch.shape)));

const fieldsOf = ({ limitId: _, usage, values, createdBy, createdAt, updatedAt, ...fields }: Limit) => fields;
