import { LimitInput } from "@treadle/contract";
import { useFormState } from "../../../components/form/form-state.ts";
import type { Limit } from "./use-limits.ts";

/** The state of the form of a limit, or of a new one. */
export const useLimitForm = (limit: Limit | undefined) =>
  useFormState({
    schema: LimitInput,
    initial: limit ? fieldsOf(limit) : { measure: "cost", window: "month", scope: "project", timeZone: localZone() },
  });
export type LimitFormState = ReturnType<typeof useLimitForm>;

const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const fieldsOf = ({ limitId: _, usage, values, createdBy, createdAt, updatedAt, ...fields }: Limit) => fields;
