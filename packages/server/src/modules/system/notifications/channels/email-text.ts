import { escapeHtml } from "../../../../kernel/escape-html.ts";
import { readableTime } from "../../../../kernel/readable-time.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import type { Outgoing } from "./channel.ts";
import { lineOf, linksOf, stateOf } from "./words.ts";

const MOST_NOTICES = 100;

/** A message as plain text. */
export function toText(message: Outgoing): string {
  const shown = message.notices.slice(0, MOST_NOTICES);
  const rest = message.notices.length - shown.length;
  const parts = shown.map((notice) => {
    const facts = notice.facts.map(({ label, value }) => `${label}: ${readableTime(value)}`);
    const links = linksOf(notice, message).map(({ label, url }) => `${label}: ${url}`);
    return [lineOf(notice), notice.text, ...facts, ...links].filter((line) => line !== "").join("\n");
  });
  return [
    ...(message.preface === "" ? [] : [message.preface]),
    ...parts,
    ...(rest > 0 ? [`and ${rest} more`] : []),
    `Treadle, ${message.projectName}`,
  ].join("\n\n");
}

/** A message as HTML without images, scripts or anything from other servers. */
export function toHtml(message: Outgoing): string {
  const shown = message.notices.slice(0, MOST_NOTICES);
  const rest = message.notices.length - shown.length;
  const preface = message.preface === "" ? "" : `<p>${escapeHtml(message.preface)}</p>`;
  const more = rest > 0 ? `<p>and ${rest} more</p>` : "";
  return `<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:14px;line-height:1.45;color:#1b1b18">
${preface}${shown.map((notice) => sectionOf(notice, message)).join('<hr style="border:0;border-top:1px solid #e6e5e1">')}${more}
<p style="color:#63625c;font-size:12px">Treadle, ${escapeHtml(message.projectName)}</p></body></html>`;
}

function sectionOf(notice: NoticeRow, message: Outgoing): string {
  const rows = notice.facts.map(
    ({ label, value }) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#63625c">${escapeHtml(label)}</td><td>${escapeHtml(readableTime(value))}</td></tr>`,
  );
  const links = linksOf(notice, message).map(
    ({ label, url }) => `<a href="${escapeHtml(url)}" style="color:#2f6f4f">${escapeHtml(label)}</a>`,
  );
  const text = notice.text === "" ? "" : `<p>${escapeHtml(notice.text).replaceAll("\n", "<br>")}</p>`;
  return `<p style="margin-bottom:0;color:#63625c">${escapeHtml(stateOf(notice))}</p>
<h1 style="font-size:18px;margin:0 0 8px">${escapeHtml(notice.title)}</h1>${text}
${rows.length === 0 ? "" : `<table style="border-collapse:collapse">${rows.join("")}</table>`}
${links.length === 0 ? "" : `<p>${links.join(" &nbsp; ")}</p>`}`;
}
