import { ROLLOUT_ACTIONS } from "@treadle/contract";
import { Select, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import type { DraftMonitor } from "./rollout-draft.ts";
import { ACTION_WORDS } from "./rollout-words.ts";
import { type MonitorChoice, useMonitorChoices } from "./use-monitor-choices.ts";

type Props = {
  monitors: readonly DraftMonitor[];
  error: string | undefined;
  onChange: (monitors: DraftMonitor[]) => void;
};

/** The monitors that stop a rollout while they are firing. */
export function MonitorsField({ monitors, error, onChange }: Props) {
  const choices = useMonitorChoices().data ?? [];
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">
        Monitors <span className="font-normal text-muted">optional</span>
      </legend>
      <p className="text-xs text-muted">While a monitor is firing, the rollout holds, rolls back or warns.</p>
      <RowEditor
        rows={monitors}
        onChange={(rows) => onChange([...rows])}
        blank={{ monitorId: choices[0]?.monitorId ?? "", action: "hold" }}
        addLabel="Add monitor"
        removeLabel={(_, place) => `Remove monitor ${place + 1}`}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-x-3 gap-y-1.5"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(monitor, change, place) => (
          <MonitorRow monitor={monitor} name={`monitor ${place + 1}`} choices={choices} change={change} />
        )}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = {
  monitor: DraftMonitor;
  name: string;
  choices: readonly MonitorChoice[];
  change: (monitor: DraftMonitor) => void;
};

function MonitorRow({ monitor, name, choices, change }: RowProps) {
  const { monitorId, action = "hold" } = monitor;
  return (
    <>
      <MonitorChooser monitor={monitor} name={name} choices={choices} change={change} />
      <Select
        aria-label={`Action of ${name}`}
        value={action}
        onChange={({ target }) =>
          change({ monitorId, action: ROLLOUT_ACTIONS.find((one) => one === target.value) ?? action })
        }
        className="w-28!"
      >
        {ROLLOUT_ACTIONS.map((one) => (
          <option key={one} value={one}>
            {ACTION_WORDS[one]}
          </option>
        ))}
      </Select>
    </>
  );
}

/** A list of monitors, or a field for an id if the list cannot be read. */
function MonitorChooser({ monitor, name, choices, change }: RowProps) {
  const { monitorId } = monitor;
  if (choices.length === 0)
    return (
      <TextInput
        aria-label={`Id of ${name}`}
        value={monitorId}
        maxLength={100}
        placeholder="Monitor id"
        onChange={({ target }) => change({ ...monitor, monitorId: target.value.trim() })}
        className="w-64! font-mono text-xs"
      />
    );
  return (
    <Select
      aria-label={`Name of ${name}`}
      value={monitorId}
      onChange={({ target }) => change({ ...monitor, monitorId: target.value })}
      className="w-64!"
    >
      {!choices.some((one) => one.monitorId === monitorId) && <option value={monitorId}>{monitorId}</option>}
      {choices.map((one) => (
        <option key={one.monitorId} value={one.monitorId}>
          {one.name}
        </option>
      ))}
    </Select>
  );
}
