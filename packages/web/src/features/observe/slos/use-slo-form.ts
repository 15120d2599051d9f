import { SloInput } from "@treadle/contract";
import { useState } from "react";
import { useFormState } from "../../../components/form/form-state.ts";
import { type LabelRow, labelsError, toLabelRows, toLabels } from "../../../components/form/label-rows.ts";
import type { Slo } from "./use-slos.ts";

/** The state of the form of an SLO, or of a new one for an endpoint, with its labels as they are typed. */
export function useSloForm(slo: Slo | undefined, endpoint: string) {
  const form = useFormState({
    schema: SloInput,
    initial: slo
      ? fieldsOf(slo)
      : { endpoint, indicator: { kind: "availability" }, objective: 0.99, windowDays: 28, counts: "calls" },
    ...(!slo && { draft: "new-slo" }),
  });
  const { alerts = {} } = form.values;
  const [labelRows, setLabelRows] = useState<readonly LabelRow[]>(() => toLabelRows(alerts.labels ?? {}));
  const labelsProblem = alerts.isEnabled === false ? undefined : labelsError(labelRows);
  return {
    ...form,
    labelRows,
    labelsProblem,
    setLabels(rows: readonly LabelRow[]) {
      setLabelRows(rows);
      form.set({ alerts: { ...alerts, labels: toLabels(rows) } });
    },
    /** Saves a complete form. Labels that are not complete are not part of the values, so they are checked here. */
    submit: async (send: Parameters<typeof form.submit>[0]) => labelsProblem === undefined && form.submit(send),
  };
}
export type SloFormState = ReturnType<typeof useSloForm>;

const fieldsOf = ({ sloId: _, monitorId, notices, status, judge, createdBy, createdAt, updatedAt, ...fields }: Slo) =>
  fields;
