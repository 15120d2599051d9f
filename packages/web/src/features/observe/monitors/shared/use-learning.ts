import { toastDone } from "../../../../components/feedback/toast.tsx";
import { type Monitor, useUpdateMonitor } from "./use-monitors.ts";

/** Makes a monitor for changes forget its past. Undefined for other monitors. The toast can undo it. */
export function useLearning({ monitorId, name, condition }: Pick<Monitor, "monitorId" | "name" | "condition">) {
  const update = useUpdateMonitor(monitorId, "The monitor does not learn again");
  if (condition.kind !== "change") return undefined;
  return () =>
    update.mutate(
      { condition: { ...condition, learnSince: new Date().toISOString() } },
      {
        onSuccess: () =>
          toastDone(`${name} learns again from now`, { label: "Undo", run: () => update.mutate({ condition }) }),
      },
    );
}
