import { readableTime } from "../../../../kernel/readable-time.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Outgoing } from "./channel.ts";
import { post } from "./post.ts";
import { cut, fitLines, lineOf, linksOf, titleOf } from "./words.ts";

type Settings = Extract<StoredSettings, { kind: "slack" | "teams" }>;
const MOST = { title: 300, text: 8_000, facts: 20, fact: 400, actions: 6 };
const REJECTIONS = [400, 401, 403, 404];

/** A workflow of Microsoft Teams that posts an Adaptive Card. */
export const teams: Channel<Settings> = {
  combines: true,
  gapMs: 0,
  send: ({ secrets }, message, means) =>
    post(means, { url: secrets.url ?? "", body: JSON.stringify(toTeams(message)), rejections: REJECTIONS }),
};

/** Adaptive Cards read a part of Markdown. */
const escapeMarks = (text: string) => text.replaceAll(/[\\`*_[\]()#]/g, "\\$&");
const block = (text: string, more: object = {}) => ({ type: "TextBlock", text, wrap: true, ...more });

export function toTeams(message: Outgoing) {
  const [first] = message.notices;
  const one = message.notices.length === 1 ? first : undefined;
  const actions = one === undefined ? [] : linksOf(one, message);
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body: bodyOf(message, one),
    actions: actions.slice(-MOST.actions).map(({ label, url }) => ({ type: "Action.OpenUrl", title: label, url })),
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  return { type: "message", attachments: [{ contentType, contentUrl: null, content }] };
}

/** `one` is the notice of a message that carries no other. */
function bodyOf(message: Outgoing, one: NoticeRow | undefined) {
  const text = one ? escapeMarks(cut(one.text, MOST.text)) : listOf(message);
  const facts = (one?.facts ?? [])
    .slice(0, MOST.facts)
    .map(({ label, value }) => ({ title: cut(label, 100), value: escapeMarks(cut(readableTime(value), MOST.fact)) }));
  return [
    block(escapeMarks(cut(titleOf(message), MOST.title)), { size: "Large", weight: "Bolder", color: colorOf(message) }),
    ...(message.preface === "" ? [] : [block(escapeMarks(message.preface))]),
    ...(text === "" ? [] : [block(text)]),
    ...(facts.length === 0 ? [] : [{ type: "FactSet", facts }]),
    block(`Treadle, ${escapeMarks(message.projectName)}`, { isSubtle: true, size: "Small" }),
  ];
}

const listOf = ({ notices }: Outgoing) =>
  fitLines(
    notices.map((notice) => `- ${lineOf(notice)}`),
    MOST.text,
  )
    .split("\n")
    .map(escapeItem)
    .join("\n");

const escapeItem = (line: string) => (line.startsWith("- ") ? `- ${escapeMarks(line.slice(2))}` : escapeMarks(line));

function colorOf({ notices }: Outgoing): string {
  if (notices.every(({ event }) => event === "resolved")) return "Good";
  return notices.some(({ severity }) => severity === "critical") ? "Attention" : "Default";
}
