import { Section } from "../../../components/layout/page.tsx";
import { ACTION_WORDS } from "./rollout-words.ts";
import { useMonitorChoices } from "./use-monitor-choices.ts";
import type { Rollout } from "./use-rollouts.ts";

/** The monitors that the rollout obeys. */
export function MonitorList({ rollout: { monitors } }: { rollout: Rollout }) {
  const choices = useMonitorChoices().data ?? [];
  if (monitors.length === 0) return null;
  return (
    <Section title="Monitors" description="What the rollout does while a monitor is firing.">
      <ul className="flex flex-col gap-1 px-4 pb-4">
        {monitors.map(({ monitorId, action }) => (
          <li key={monitorId} className="flex flex-wrap gap-x-3">
            <span className="[overflow-wrap:anywhere]">
              {choices.find((one) => one.monitorId === monitorId)?.name ?? monitorId}
            </span>
            <span className="text-muted">{ACTION_WORDS[action]}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
