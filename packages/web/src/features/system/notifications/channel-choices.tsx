import { Checkbox } from "../../../components/form/field.tsx";
import { useChannels } from "./use-notifications.ts";

type ChoicesProps = { label: string; chosen: readonly string[]; onChange: (channelIds: string[]) => void };

/** Any number of the project's channels. */
export function ChannelChoices({ label, chosen, onChange }: ChoicesProps) {
  const channels = useChannels().data?.items ?? [];
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {channels.length === 0 && <p className="text-sm text-muted">Create a channel first.</p>}
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {channels.map(({ channelId, name }) => (
          <Checkbox
            key={channelId}
            label={name}
            checked={chosen.includes(channelId)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, channelId] : chosen.filter((id) => id !== channelId))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
