import type { Detector } from "../detector.ts";
import type { View } from "../finding.ts";
import { findCanaries } from "../leaks/find-canary.ts";

export type CanaryOptions = {
  /** Random words of at least 8 letters in a system prompt, which no answer may repeat. */
  readonly tokens: readonly string[];
};

const VIEWS: Readonly<Record<string, View>> = { plain: "text", base64: "base64", hex: "hex", rot13: "rot13" };

/** A canary of the system prompt, also spaced, reversed, in leetspeak or encoded. */
export const canary: Detector<CanaryOptions> = {
  name: "canary",
  version: 1,
  isDeterministic: true,
  need: "whole",
  reads: ["tool-arguments", "output"],
  find: (prepared, { tokens }) =>
    findCanaries(prepared, tokens).map(({ start, end, form }) => ({
      start,
      end,
      detector: "canary",
      kind: "canary",
      score: 1,
      view: VIEWS[form] ?? "normalized",
    })),
};
