import { BellRing } from "lucide-react";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../session/index.ts";
import { ChannelCard } from "./channel-card.tsx";
import { ChannelForm } from "./channel-form.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { type Channel, useChannelChanges, useChannels } from "./use-notifications.ts";

const EMPTY = {
  title: "No channels yet",
  icon: <BellRing size={22} />,
  words: "Add Slack, Microsoft Teams, e-mail, PagerDuty or a webhook. Every notification is also in the inbox.",
};

/** The receivers of messages. */
export function ChannelsSection() {
  const channels = useChannels();
  const { remove } = useChannelChanges();
  const canWrite = useProject().can("notifications:write");
  return (
    <SettingsCollection<Channel, "rotate">
      title="Channels"
      description="The receivers of notifications. Routes decide which notifications each channel gets."
      query={channels}
      items={channels.data?.items}
      failure="The channels could not be loaded"
      canWrite={canWrite}
      newLabel="New channel"
      empty={EMPTY}
      list={(items, open) => <Channels items={items} canWrite={canWrite} open={open} />}
      form={(channel, close) => <ChannelForm channel={channel} close={close} />}
      dialogs={{ rotate: (channel, close) => <RotateSecret channel={channel} close={close} /> }}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

type ChannelsProps = {
  items: readonly Channel[] | undefined;
  canWrite: boolean;
  open: (dialog: "edit" | "delete" | "rotate", channel: Channel) => void;
};

const Channels = ({ items, canWrite, open }: ChannelsProps) => (
  <CardRows items={items} skeletons={["h-16", "h-16"]} label="Channels">
    {(channel) => (
      <ChannelCard
        key={channel.channelId}
        channel={channel}
        canWrite={canWrite}
        onEdit={() => open("edit", channel)}
        onDelete={() => open("delete", channel)}
        onRotate={() => open("rotate", channel)}
      />
    )}
  </CardRows>
);

const removalOf = ({ channelId, name, waiting }: Channel) => ({
  id: channelId,
  title: `Delete ${name}?`,
  verb: "Delete channel",
  done: `Deleted ${name}`,
  words: `This deletes its secrets, its messages and ${waiting === 0 ? "its place in all routes" : `its place in all routes, with ${waiting} messages that wait`}.`,
});
