import { sessionApi } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Field, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { Section } from "../../components/page.tsx";
import { Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useSession, useUpdateAccount } from "../session/index.ts";

const BODY = sessionApi["PATCH /api/v1/account"].body;

type User = NonNullable<ReturnType<typeof useSession>["data"]>["user"];

/** One's own name, email and password. */
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

/** Only what was changed is sent: the address a server starts with is not one that could be given again. */
function ProfileForm({ user }: { user: User }) {
  const update = useUpdateAccount();
  const form = useFormState({ schema: BODY, initial: { name: user.name || undefined } });
  return (
    <Section title="You">
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
        <Field label="Email" help="You sign in with it" error={form.errors.email}>
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

/** A password that exists must be given to change it; the first one only has to be chosen. */
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
      description={user.hasPassword ? undefined : "You came in by a one-time link. With a password you can come back."}
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
          {user.hasPassword ? "Change the password" : "Set the password"}
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
