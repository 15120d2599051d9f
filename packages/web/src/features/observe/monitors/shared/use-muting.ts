import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { formatTime } from "../../../../components/text/format.ts";
import { type Monitor, useUpdateMonitor } from "./use-monitors.ts";

type Muted = Pick<Monitor, "monitorId" | "name" | "mutedUntil">;

const TIMES = { "1 hour": 3_600_000, "1 day": 86_400_000 } as const;

export const isMuted = ({ mutedUntil }: Pick<Monitor, "mutedUntil">, now = Date.now()): boolean =>
  mutedUntil !== null && Date.parse(mutedUntil) > now;

/** Mutes a monitor and ends that. A muted monitor is evaluated, but sends no notifications. */
export function useMuting({ monitorId, name, mutedUntil }: Muted) {
  const update = useUpdateMonitor(monitorId, "The monitor was not muted or unmuted");
  const set = (next: string | null, words: string, onDone?: () => void) =>
    void whenDone(update.mutateAsync({ mutedUntil: next }), () => {
      toastDone(words, { label: "Undo", run: () => update.mutate({ mutedUntil }) });
      onDone?.();
    });
  return {
    isBusy: update.isPending,
    muteFor: (time: keyof typeof TIMES) =>
      set(new Date(Date.now() + TIMES[time]).toISOString(), `Muted ${name} for ${time}`),
    muteUntil: (until: string, onDone: () => void) => set(until, `Muted ${name} until ${formatTime(until)}`, onDone),
    unmute: () => set(null, `Unmuted ${name}`),
  };
}
