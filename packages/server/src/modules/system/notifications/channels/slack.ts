import { readableTime } from "../../../../kernel/readable-time.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Outgoing } from "./channel.ts";
import { post } from "./post.ts";
import { cut, fitLines, lineOf, linksOf, titleOf } from "./words.ts";

type Settings = Extract<StoredSettings, { kind: "slack" | "teams" }>;
/** The limits of Slack's blocks. */
const MOST = { header: 150, text: 3_000, fields: 10, field: 2_000, buttons: 5, button: 75, url: 3_000 };
/** Slack takes one message per second from a webhook. */
const GAP_MS = 1_000;
/** Slack's answers that no retry changes: the message or the webhook is wrong. */
const REJECTIONS = [400, 403, 404];

/** An incoming webhook of Slack. */
export const slack: Channel<Settings> = {
  combines: true,
  gapMs: GAP_MS,
  send: ({ secrets }, message, means) =>
    post(means, { url: secrets.url ?? "", body: JSON.stringify(toSlack(message)), rejections: REJECTIONS }),
};

/** `&`, `<` and `>` are Slack's own characters. */
const escapeMarks = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** Cut to a number of characters without leaving half of an escape. */
const escaped = (text: string, most: number) => {
  let whole = cut(text, most);
  while (escapeMarks(whole).length > most) whole = cut(whole.slice(0, -1), whole.length - 1);
  return escapeMarks(whole);
};

export function toSlack(message: Outgoing) {
  const title = titleOf(message);
  const [first] = message.notices;
  const header = { type: "header", text: { type: "plain_text", text: cut(title, MOST.header) } };
  const context = { type: "context", elements: [mrkdwn(escaped(`Treadle, ${message.projectName}`, MOST.text))] };
  const preface = message.preface === "" ? [] : [section(escaped(message.preface, MOST.text))];
  const content =
    message.notices.length === 1 && first !== undefined ? blocksOf(first, message) : [section(listOf(message))];
  return { text: escaped(title, MOST.text), blocks: [header, ...preface, ...content, context] };
}

const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const section = (text: string) => ({ type: "section", text: mrkdwn(text) });

const listOf = ({ notices, urlOf }: Outgoing): string => {
  const lines = notices.map((notice) => {
    const url = urlOf(notice.links[0]?.path ?? "/");
    const line = escaped(lineOf(notice), 300);
    return url === null ? `• ${line}` : `• <${url}|${line.replaceAll("|", "¦")}>`;
  });
  return fitLines(lines, MOST.text);
};

function blocksOf(notice: NoticeRow, message: Outgoing): object[] {
  const facts = notice.facts.slice(0, MOST.fields);
  const fields = facts.map(({ label, value }) =>
    mrkdwn(`*${escaped(label, 200)}*\n${escaped(readableTime(value), 1_500)}`),
  );
  const buttons = linksOf(notice, message)
    .filter(({ url }) => url.length <= MOST.url)
    .slice(-MOST.buttons)
    .map(({ label, url }, place) => ({
      type: "button",
      action_id: `link-${place}`,
      text: { type: "plain_text", text: cut(label, MOST.button) },
      url,
    }));
  return [
    ...(notice.text === "" ? [] : [section(escaped(notice.text, MOST.text))]),
    ...(fields.length === 0 ? [] : [{ type: "section", fields }]),
    ...(buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }]),
  ];
}
