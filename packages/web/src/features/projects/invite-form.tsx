import { projectsApi, ROLES } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, Select, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { SecretOnce } from "../../components/secret-once.tsx";
import { useInviteMember } from "./use-projects.ts";

const BODY = projectsApi["POST /api/v1/members"].body;
const ROLE_HELP = {
  owner: "Everything, owners included",
  admin: "Everything but changing owners",
  member: "Builds: models, connections, endpoints, traces; reads the rest",
  viewer: "Reads; changes nothing and sees no keys",
} as const;

/** Adds someone by email and gives the one-time link to send them. */
export function InviteForm({ close }: { close: () => void }) {
  const invite = useInviteMember();
  const form = useFormState({ schema: BODY, initial: { role: "member" }, draft: "invite" });
  if (invite.data) {
    return (
      <Dialog title={`${invite.data.email} is invited`} close={close}>
        <SecretOnce
          label="The one-time sign-in link"
          value={new URL(invite.data.signInPath, location.origin).href}
          close={close}
        >
          Send them this link. It works once, for 72 hours, and signs in whoever opens it; it is not shown again.
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
            Make the link
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
