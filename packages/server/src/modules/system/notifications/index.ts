export type { Announce, Notice, NoticeEvent } from "./notice.ts";
