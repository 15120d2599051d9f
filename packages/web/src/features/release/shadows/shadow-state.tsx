import type { RunTone } from "../../../components/feedback/run-end.tsx";
import type { Shadow } from "./use-shadows.ts";

const LOOKS: Readonly<Record<Shadow["state"], string>> = {
  running: "text-info",
  paused: "text-warn",
  ended: "text-muted",
};

/** How the reason of a state is shown. */
export function toneOf({ state, reason }: Pick<Shadow, "state" | "reason">): RunTone {
  if (reason === "complete") return "good";
  return state === "paused" ? "warn" : "neutral";
}

/** The state of a shadow: a dot and a word. */
export const ShadowState = ({ state }: Pick<Shadow, "state">) => (
  <span className={`text-sm whitespace-nowrap ${LOOKS[state]}`}>● {state}</span>
);
