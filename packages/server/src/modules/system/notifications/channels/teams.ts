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
  const isOne = message.notices.length === 1 && first !== undefined;
  const text = isOne
    ? first.text
    : fitLines(
        message.notices.map((notice) => `- ${lineOf(notice)}`),
        MOST.text,
      );
  const facts = (isOne ? first.facts : [])
    .slice(0, MOST.facts)
    .map(({ label, value }) => ({ title: cut(label, 100), value: escapeMarks(cut(value, MOST.fact)) }));
  const actions = first === undefined || !isOne ? [] : linksOf(first, message);
  const body = [
    block(escapeMarks(cut(titleOf(message), MOST.title)), { size: "Large", weight: "Bolder", color: colorOf(message) }),
    ...(message.preface === "" ? [] : [block(escapeMarks(message.preface))]),
    ...(text === ""
      ? []
      : [block(isOne ? escapeMarks(cut(text, MOST.text)) : text.split("\n").map(escapeItem).join("\n"))]),
    ...(facts.length === 0 ? [] : [{ type: "FactSet", facts }]),
    block(`Treadle, ${escapeMarks(message.projectName)}`, { isSubtle: true, size: "Small" }),
  ];
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body,
    actions: actions.slice(-MOST.actions).map(({ label, url }) => ({ type: "Action.OpenUrl", title: label, url })),
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  return { type: "message", attachments: [{ contentType, contentUrl: null, content }] };
}

const escapeItem = (line: string) => (line.startsWith("- ") ? `- ${escapeMarks(line.slice(2))}` : escapeMarks(line));

function colorOf({ notices }: Outgoing): string {
  if (notices.every(({ event }) => event === "resolved")) return "Good";
  return notices.some(({ severity }) => severity === "critical") ? "Attention" : "Default";
}
