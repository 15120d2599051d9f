import type { ChannelTest } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { sendTo } from "../channels/index.ts";
import type { NotificationsDeps } from "../stores/deps.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import { getChannel } from "./get-channel.ts";
import type { SecretBox } from "./secret-box.ts";

type Deps = Pick<NotificationsDeps, "db" | "outbound" | "clock" | "publicUrl" | "projectNameOf"> & {
  readonly box: SecretBox;
};

/** Sends a test message once, also to a disabled channel, and gives the receiver's answer. Nothing is stored. */
export async function testChannel(deps: Deps, scope: Scope, channelId: string): Promise<ChannelTest> {
  const { db, box, outbound, clock, publicUrl } = deps;
  const row = await getChannel(db, scope, channelId);
  const base = publicUrl?.replace(/\/$/, "");
  const message = {
    messageId: newId("msg", clock.now()),
    projectName: await deps.projectNameOf(scope.projectId),
    notices: [testNotice(row.name, { projectId: scope.projectId, now: clock.now() })],
    preface: "",
    urlOf: (path: string) => (base === undefined ? null : `${base}${path}`),
    acknowledgeUrlOf: () => null,
  };
  const target = { settings: row.settings, secrets: box.open(row) };
  const outcome = await sendTo(target, message, { outbound, now: clock.now });
  return { isDelivered: outcome.kind === "delivered", message: outcome.message };
}

function testNotice(name: string, { projectId, now }: { readonly projectId: string; readonly now: number }): NoticeRow {
  const at = new Date(now);
  const id = newId("notice", now);
  return {
    id,
    projectId,
    subjectKind: "monitor",
    subjectId: id,
    event: "info",
    key: id,
    severity: "info",
    labels: {},
    group: id,
    title: `Test of the channel ${name}`,
    text: "This is a test message. No action is needed.",
    facts: [],
    links: [{ label: "Notification settings", path: "/settings/notifications" }],
    at,
    createdAt: at,
    routedAt: at,
  };
}
