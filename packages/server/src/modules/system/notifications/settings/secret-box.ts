import { z } from "zod";
import type { Secrets } from "../../../../platform/secrets/port.ts";
import type { ChannelRow } from "../stores/channel-store.ts";
import type { ChannelSecrets } from "../stores/stored-settings.ts";

const Stored = z.object({
  url: z.string().optional(),
  password: z.string().optional(),
  routingKey: z.string().optional(),
  signing: z.array(z.object({ value: z.string(), until: z.number().nullable() })).optional(),
});

export const secretContextOf = (channelId: string) => `notification-channel ${channelId}`;

/** The encrypted secrets of channels. */
export const createSecretBox = (secrets: Secrets) => ({
  open: ({ id, sealedSecrets }: Pick<ChannelRow, "id" | "sealedSecrets">): ChannelSecrets =>
    Stored.parse(JSON.parse(secrets.open(sealedSecrets, secretContextOf(id)))),
  seal: (channelId: string, values: ChannelSecrets): string =>
    secrets.seal(JSON.stringify(values), secretContextOf(channelId)),
});
export type SecretBox = ReturnType<typeof createSecretBox>;
