import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { explain } from "../../../api.ts";
import { Button, Spinner } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Wordmark } from "../../../components/layout/wordmark.tsx";
import { useSignIn } from "./use-session.ts";

const route = getRouteApi("/sign-in");

/** Email and password, or a one-time link (`/sign-in#token=…`) whose token is exchanged immediately. */
export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const signIn = useSignIn();
  const [token, setToken] = useState(takeToken);
  const hasTried = useRef(false);
  const enter = () => router.history.replace(next ?? "/");

  useEffect(() => {
    if (!token || hasTried.current) return;
    hasTried.current = true;
    signIn.mutate({ token }, { onSuccess: enter, onError: () => setToken("") });
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) }, { onSuccess: enter });
  }

  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <div className="w-full max-w-88">
        <div className="mb-6 flex justify-center">
          <Wordmark />
        </div>
        <div className="card p-6">
          <h1 className="mb-4 text-lg font-semibold">Sign in</h1>
          {token ? (
            <p role="status" className="flex items-center gap-2 text-muted">
              <Spinner /> Signing you in with the one-time link…
            </p>
          ) : (
            <form onSubmit={submit} className="flex flex-col gap-4 text-base">
              <Field label="Email">
                {(field) => (
                  <TextInput {...field} name="email" type="email" autoComplete="username" required autoFocus />
                )}
              </Field>
              <Field label="Password">
                {(field) => (
                  <TextInput {...field} name="password" type="password" autoComplete="current-password" required />
                )}
              </Field>
              {signIn.error && (
                <p role="alert" className="text-bad">
                  {explain(signIn.error)}
                </p>
              )}
              <Button type="submit" kind="primary" isBusy={signIn.isPending}>
                Sign in
              </Button>
            </form>
          )}
        </div>
        <p className="mt-4 px-2 text-center text-muted">
          First time here? The terminal that runs <code>treadle serve</code> prints a one-time sign-in link. Otherwise,
          ask an owner of your project to invite you.
        </p>
      </div>
    </main>
  );
}

/**
 * The token of a one-time link. It is removed from the URL immediately, so that it does not stay in the history or a
 * screenshot.
 */
function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}
