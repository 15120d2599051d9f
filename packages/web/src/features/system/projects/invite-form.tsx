import { projectsApi, ROLES } from "@treadle/contract";
import { SecretOnce } from "../../../components/feedback/secret-once.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { useInviteMember } from "./use-projects.ts";

const BODY = projectsApi["POST /api/v1/members"].body;
const ROLE_HELP = {
  owner: "Full access, including owners",
  admin: "Full access, except changing owners",
  member: "Can edit models, connections, endpoints and traces, and read the rest",
  viewer: "Can read, but cannot make changes or see keys, inputs and outputs",
} as const;

/** Adds a member by email and shows the one-time link to send. */
export function InviteForm({ close }: { close: () => void }) {
  const invite = useInviteMember();
  const form = useFormState({ schema: BODY, initial: { role: "member" }, draft: "invite" });
  if (invite.data) {
    return (
      <Dialog title={`Invited ${invite.data.email}`} close={close}>
        <SecretOnce
          label="One-time sign-in link"
          value={new URL(invite.data.signInPath, location.origin).href}
          close={close}
        >
          Send this link to the new member. It works once within 72 hours and signs in anyone who opens it. It is not
          shown again.
        </SecretOnce>
      </Dialog>
    );
  }
  return (
    <Dialog title="Invite a member" close={close} width="narrow">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit((body) => invite.mutateAsync(body));
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Email" error={form.errors.email}>
          {(field) => <TextInput {...field} {...form.text("email")} type="email" required autoFocus />}
        </Field>
        <Field label="Name" isOptional error={form.errors.name}>
          {(field) => <TextInput {...field} {...form.text("name")} />}
        </Field>
        <Field label="Role" help={ROLE_HELP[form.values.role ?? "member"]} error={form.errors.role}>
          {(field) => (
            <Select
              {...field}
              value={form.values.role}
              onChange={(event) => form.set({ role: ROLES.find((role) => role === event.target.value) })}
            >
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </Select>
          )}
        </Field>
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button
            onClick={() => {
              form.discard();
              close();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Create link
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
