import { SloInput } from "@treadle/contract";
import { useFormState } from "../../../components/form/form-state.ts";
import type { Slo } from "./use-slos.ts";

/** The state of the form of an SLO, or of a new one for an endpoint. */
export const useSloForm = (slo: Slo | undefined, endpoint: string) =>
  useFormState({
    schema: SloInput,
    initial: slo
      ? fieldsOf(slo)
      : { endpoint, indicator: { kind: "availability" }, objective: 0.99, windowDays: 28, counts: "calls" },
    ...(!slo && { draft: "new-slo" }),
  });
export type SloFormState = ReturnType<typeof useSloForm>;

const fieldsOf = ({ sloId: _, monitorId, notices, status, judge, createdBy, createdAt, updatedAt, ...fields }: Slo) =>
  fields;
