import type { RouteInput } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createRouteStore } from "../stores/route-store.ts";

/** Takes a deleted channel out of all routes. */
export async function forgetChannel(
  tx: Postgres,
  projectId: string,
  { channelId, now }: { readonly channelId: string; readonly now: Date },
): Promise<void> {
  const store = createRouteStore(tx);
  for (const { id, rule } of await store.list(projectId)) {
    const changed = withoutChannel(rule, channelId);
    if (changed !== rule) await store.update(projectId, id, { rule: changed, updatedAt: now });
  }
}

function withoutChannel(rule: RouteInput, channelId: string): RouteInput {
  const { channelIds, escalation } = rule;
  const isUsed = channelIds.includes(channelId) || escalation?.channelIds.includes(channelId);
  if (!isUsed) return rule;
  const rest = (ids: readonly string[]) => ids.filter((id) => id !== channelId);
  const others = escalation === null ? [] : rest(escalation.channelIds);
  return {
    ...rule,
    channelIds: rest(channelIds),
    escalation: escalation === null || others.length === 0 ? null : { ...escalation, channelIds: others },
  };
}
