export { createInbox, type Mentioned } from "./inbox/inbox-service.ts";
export { openNotifications } from "./open.ts";
export { listSealedChannelSecrets } from "./settings/channels-service.ts";
export type { Acknowledge, Acknowledgement } from "./stores/deps.ts";
export type { Announce, Notice, NoticeEvent } from "./stores/notice.ts";
