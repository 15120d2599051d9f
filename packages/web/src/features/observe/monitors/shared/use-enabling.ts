import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { type Monitor, useUpdateMonitor } from "./use-monitors.ts";

/** Enables or disables a monitor. The toast can undo it. */
export function useEnabling({ monitorId, name, isEnabled }: Pick<Monitor, "monitorId" | "name" | "isEnabled">) {
  const update = useUpdateMonitor(
    monitorId,
    isEnabled ? "The monitor was not disabled" : "The monitor was not enabled",
  );
  return () =>
    void whenDone(update.mutateAsync({ isEnabled: !isEnabled }), () =>
      toastDone(`${isEnabled ? "Disabled" : "Enabled"} ${name}`, {
        label: "Undo",
        run: () => update.mutate({ isEnabled }),
      }),
    );
}
