import type { NoticeRow } from "../stores/notice-store.ts";
import type { Outgoing } from "./channel.ts";

const EVENTS = {
  opened: "opened",
  escalated: "escalated",
  acknowledged: "acknowledged",
  resolved: "resolved",
  reopened: "reopened",
  info: "",
} as const satisfies Record<NoticeRow["event"], string>;

/** Such as `Critical, opened`. */
export const stateOf = ({ severity, event }: NoticeRow): string => {
  const word = `${severity.slice(0, 1).toUpperCase()}${severity.slice(1)}`;
  return EVENTS[event] === "" ? word : `${word}, ${EVENTS[event]}`;
};

/** One line: the state and the title. */
export const lineOf = (notice: NoticeRow): string => `${stateOf(notice)}: ${oneLine(notice.title)}`;

/** The title of a whole message. */
export function titleOf({ notices }: Pick<Outgoing, "notices">): string {
  const [first] = notices;
  if (first !== undefined && notices.length === 1) return lineOf(first);
  const isSame = notices.every(({ group }) => group === first?.group);
  return `${notices.length} notifications${isSame && first ? `: ${oneLine(first.title)}` : ""}`;
}

export const oneLine = (text: string) => text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();

export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** Lines up to a number of characters, and how many were left out. */
export function fitLines(lines: readonly string[], most: number): string {
  const fitting: string[] = [];
  let size = 0;
  for (const line of lines) {
    if (size + line.length + 1 > most - 40) return [...fitting, `and ${lines.length - fitting.length} more`].join("\n");
    fitting.push(line);
    size += line.length + 1;
  }
  return fitting.join("\n");
}

/** The links of a notice with absolute addresses, and the link that acknowledges it. */
export function linksOf(notice: NoticeRow, { urlOf, acknowledgeUrlOf }: Outgoing): { label: string; url: string }[] {
  const links = notice.links.flatMap(({ label, path }) => {
    const url = urlOf(path);
    return url === null ? [] : [{ label, url }];
  });
  const acknowledge = acknowledgeUrlOf(notice);
  return acknowledge === null ? links : [...links, { label: "Acknowledge", url: acknowledge }];
}
