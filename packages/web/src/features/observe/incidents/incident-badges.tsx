import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { STATE_WORDS } from "./incident-words.ts";
import type { Incident } from "./use-incidents.ts";

const STATE_LOOKS: Readonly<Record<Incident["state"], string>> = {
  open: "text-bad",
  acknowledged: "text-warn",
  resolved: "text-good",
};
const SEVERITY_LOOKS: Readonly<Record<Incident["severity"], string>> = {
  info: "bg-raised",
  warning: "bg-warn-soft text-warn",
  critical: "bg-bad-soft text-bad",
};

/** The state of an incident: a dot and a word. */
export const IncidentState = ({ state }: Pick<Incident, "state">) => (
  <span className={`whitespace-nowrap ${STATE_LOOKS[state]}`}>● {STATE_WORDS[state]}</span>
);

export const SeverityBadge = ({ severity }: Pick<Incident, "severity">) => (
  <span className={`rounded-control px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${SEVERITY_LOOKS[severity]}`}>
    {SEVERITY_WORDS[severity]}
  </span>
);
