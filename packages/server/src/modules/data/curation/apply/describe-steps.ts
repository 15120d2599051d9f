import type { CurationStep } from "@treadle/contract";
import { z } from "zod";
import { STEPS } from "../steps/all-steps.ts";

/** The steps as data, from which an interface makes forms. */
export const describeSteps = (): CurationStep[] =>
  STEPS.map(({ id, label, describe, group, params, presets = [], isSetWise }) => ({
    stepId: id,
    label,
    description: describe,
    group,
    params: z.toJSONSchema(params, { io: "input" }),
    presets: presets.map((preset) => ({ ...preset, params: Object.fromEntries(Object.entries(preset.params ?? {})) })),
    isSetWise,
  }));
