import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { toastDone } from "../feedback/toast.tsx";

type StartOptions<Input, Started> = {
  /** Undefined while the form is incomplete. */
  input: Input | undefined;
  start: { mutateAsync: (input: Input) => Promise<Started>; isPending: boolean; error: unknown };
  /** Opens the page of the run, and clears the draft. */
  onStarted: (started: Started) => unknown;
};

/** The start of a long run from a form: nothing is sent until the form is complete, and an error stays at the button. */
export function useRunStart<Input, Started extends { name: string }>(options: StartOptions<Input, Started>) {
  const { input, start, onStarted } = options;
  const [isTried, setIsTried] = useState(false);
  async function begin() {
    setIsTried(true);
    if (input === undefined) return;
    const started = await start.mutateAsync(input);
    toastDone(`Started ${started.name}`);
    await onStarted(started);
  }
  return {
    /** Whether the user has tried to start; only then are missing fields marked. */
    isTried,
    /** The state of the start button. */
    button: {
      failure: start.error ? explain(start.error) : undefined,
      isBusy: start.isPending,
      isIncomplete: isTried && input === undefined,
    },
    onSubmit(event: FormEvent) {
      event.preventDefault();
      // An error is shown next to the button.
      void begin().catch(() => undefined);
    },
  };
}
