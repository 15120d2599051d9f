import { sessionApi } from "@treadle/contract";
import { useState } from "react";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Section } from "../../../components/layout/page.tsx";
import { useSession, useUpdateAccount } from "../session/index.ts";

const BODY = sessionApi["PATCH /api/v1/account"].body;

type User = NonNullable<ReturnType<typeof useSession>["data"]>["user"];

/** The user's name, email and password. */
export function AccountPage() {
  const { data } = useSession();
  if (!data) return <Skeleton className="h-64 rounded-card" />;
  return (
    <>
      <ProfileForm user={data.user} />
      <PasswordForm key={String(data.user.hasPassword)} user={data.user} />
    </>
  );
}

/** Sends only changed fields, because the initial email of a server would not pass validation. */
function ProfileForm({ user }: { user: User }) {
  const update = useUpdateAccount();
  const form = useFormState({ schema: BODY, initial: { name: user.name || undefined } });
  return (
    <Section title="Profile">
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (await form.submit((body) => update.mutateAsync(body))) toastDone("Saved your account");
        }}
        className="flex max-w-105 flex-col gap-4 px-4 pt-1 pb-4 text-base"
      >
        <Field label="Name" error={form.errors.name}>
          {(field) => <TextInput {...field} {...form.text("name")} autoComplete="name" />}
        </Field>
        <Field label="Email" help="You use this email to sign in." error={form.errors.email}>
          {(field) => (
            <TextInput
              {...field}
              {...form.text("email")}
              value={form.values.email ?? user.email}
              type="email"
              autoComplete="email"
              required
            />
          )}
        </Field>
        <Failure text={form.failure} />
        <Button type="submit" className="self-start" isBusy={form.isBusy}>
          Save
        </Button>
      </form>
    </Section>
  );
}

/** Changing a password requires the current one; setting the first one does not. */
function PasswordForm({ user }: { user: User }) {
  const update = useUpdateAccount();
  const form = useFormState({ schema: BODY, initial: {} });
  const [count, setCount] = useState(0);
  async function save() {
    const isSaved = await form.submit((body) => update.mutateAsync(body));
    if (!isSaved) return;
    toastDone(user.hasPassword ? "Changed your password" : "You can sign in with your email and password now");
    form.set({ password: undefined, currentPassword: undefined });
    setCount(count + 1);
  }
  return (
    <Section
      title={user.hasPassword ? "Password" : "Set a password"}
      description={
        user.hasPassword ? undefined : "You signed in with a one-time link. Set a password to sign in again later."
      }
    >
      <form
        key={count}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        className="flex max-w-105 flex-col gap-4 px-4 pt-1 pb-4 text-base"
      >
        {user.hasPassword && (
          <Field label="Current password" error={form.errors.currentPassword}>
            {(field) => (
              <TextInput
                {...field}
                {...form.text("currentPassword")}
                type="password"
                autoComplete="current-password"
                required
              />
            )}
          </Field>
        )}
        <Field label="New password" help="At least 10 characters" error={form.errors.password}>
          {(field) => (
            <TextInput {...field} {...form.text("password")} type="password" autoComplete="new-password" required />
          )}
        </Field>
        <Failure text={form.failure} />
        <Button type="submit" kind={user.hasPassword ? "plain" : "primary"} className="self-start" isBusy={form.isBusy}>
          {user.hasPassword ? "Change password" : "Set password"}
        </Button>
      </form>
    </Section>
  );
}

function Failure({ text }: { text: string | undefined }) {
  return text ? (
    <p role="alert" className="text-bad">
      {text}
    </p>
  ) : null;
}
