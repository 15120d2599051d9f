import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { draftOf, readDraft, type TargetDraft } from "./channel-target.ts";
import { type Channel, useChannelChanges } from "./use-notifications.ts";

const DEFAULT_PER_MINUTE = 10;
type Errors = Readonly<Record<string, string>>;
type Values = { name: string; perMinute: string; isEnabled: boolean };

/** The state of the form of a channel. `created` is a signing secret that is shown once. */
export function useChannelForm(channel: Channel | undefined, close: () => void) {
  const { save, error, isBusy } = useSave(channel);
  const [values, setValues] = useState<Values>({
    name: channel?.name ?? "",
    perMinute: String(channel?.perMinute ?? DEFAULT_PER_MINUTE),
    isEnabled: channel?.isEnabled ?? true,
  });
  const [draft, setDraft] = useState(() => draftOf(channel?.settings));
  const [errors, setErrors] = useState<Errors>({});
  const [created, setCreated] = useState<string>();

  async function submit() {
    const { body, problems } = bodyOf(values, draft);
    setErrors(problems);
    const saved = body && (await save(body));
    if (!saved) return;
    toastDone(channel ? `Saved ${values.name}` : `Created ${values.name}. Add it to a route, and send a test message.`);
    if ("secret" in saved && typeof saved.secret === "string") setCreated(saved.secret);
    else close();
  }
  const set = (changes: Partial<Values>) => setValues((old) => ({ ...old, ...changes }));
  const change = (changes: Partial<TargetDraft>) => setDraft((old) => ({ ...old, ...changes }));
  const failure = error ? explain(error) : undefined;
  return { values, draft, errors, created, failure, isBusy, set, change, submit };
}

function bodyOf(values: Values, draft: TargetDraft) {
  const read = readDraft(draft);
  const perMinute = perMinuteOf(values, draft);
  const isCount = isPerMinute(perMinute);
  const problems: Errors = {
    ...("errors" in read && read.errors),
    ...(!isCount && { perMinute: "must be a whole number from 1 to 60" }),
  };
  if ("errors" in read || !isCount) return { body: undefined, problems };
  return { body: { ...values, perMinute, target: read.target }, problems };
}

const isPerMinute = (count: number) => Number.isInteger(count) && count >= 1 && count <= 60;

/** PagerDuty hides the field, and a wrong number in a hidden field must not prevent saving. */
function perMinuteOf(values: Values, { kind }: TargetDraft): number {
  const count = Number(values.perMinute);
  return kind === "pagerduty" && !isPerMinute(count) ? DEFAULT_PER_MINUTE : count;
}

type Body = NonNullable<ReturnType<typeof bodyOf>["body"]>;

function useSave(channel: Channel | undefined) {
  const { create, update } = useChannelChanges();
  const send = (body: Body) =>
    channel ? update.mutateAsync({ channelId: channel.channelId, body }) : create.mutateAsync(body);
  return {
    /** Undefined if the server refused it. */
    save: (body: Body) => send(body).catch(() => undefined),
    error: create.error ?? update.error,
    isBusy: create.isPending || update.isPending,
  };
}
