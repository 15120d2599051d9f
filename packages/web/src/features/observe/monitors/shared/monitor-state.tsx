import type { Severity } from "@treadle/contract";
import { SEVERITY_WORDS } from "../../../../components/text/severity.ts";
import { STATE_WORDS } from "./monitor-words.ts";
import type { Monitor } from "./use-monitors.ts";

const LOOKS: Readonly<Record<Monitor["state"], { text: string; dot: string }>> = {
  ok: { text: "text-good", dot: "rounded-full bg-good" },
  pending: { text: "text-warn", dot: "rounded-full border-2 border-warn" },
  firing: { text: "font-medium text-bad", dot: "rounded-[2px] bg-bad" },
  recovering: { text: "text-info", dot: "rounded-full border-2 border-info" },
  "no-data": { text: "text-muted", dot: "rounded-full border border-muted border-dashed" },
  error: { text: "font-medium text-warn", dot: "rotate-45 rounded-[1px] bg-warn" },
  muted: { text: "text-muted", dot: "rounded-full bg-muted" },
  disabled: { text: "text-muted", dot: "rounded-full border border-muted" },
};

type StateProps = { state: Monitor["state"]; severity?: Severity | null };

const IN_ALARM: readonly Monitor["state"][] = ["pending", "firing", "recovering"];

/** A state as a shape and a word, with the severity of a series that fires. */
export function StateBadge({ state, severity = null }: StateProps) {
  const { text, dot } = LOOKS[state];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${text}`}>
      <span aria-hidden className={`size-2 shrink-0 ${dot}`} />
      {STATE_WORDS[state]}
      {severity && IN_ALARM.includes(state) && (
        <span className="font-normal text-muted">{SEVERITY_WORDS[severity].toLowerCase()}</span>
      )}
    </span>
  );
}

const TONES: Readonly<Record<Severity, string>> = {
  info: "border-line-strong text-info",
  warning: "border-warn/40 bg-warn-soft text-warn",
  critical: "border-bad/40 bg-bad-soft text-bad",
};

export const SeverityBadge = ({ severity }: { severity: Severity }) => (
  <span className={`rounded border px-1.5 text-xs whitespace-nowrap ${TONES[severity]}`}>
    {SEVERITY_WORDS[severity]}
  </span>
);
