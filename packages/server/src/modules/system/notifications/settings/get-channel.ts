import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { type ChannelRow, createChannelStore } from "../stores/channel-store.ts";

export async function getChannel(db: Postgres, scope: Scope, channelId: string): Promise<ChannelRow> {
  const row = await createChannelStore(db).find(scope.projectId, channelId);
  if (!row) throw notFound("notification channel", channelId);
  return row;
}
