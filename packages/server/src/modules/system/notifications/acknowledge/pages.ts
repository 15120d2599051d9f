import { escapeHtml } from "../../../../kernel/escape-html.ts";
import type { Acknowledgement } from "../stores/deps.ts";

const STYLE = `body{font-family:sans-serif;max-width:30rem;margin:15vh auto;padding:0 1rem;line-height:1.45;color:#1b1b18;background:#fbfbfa}
button{font:inherit;padding:.5rem 1rem;border:0;border-radius:6px;background:#2f6f4f;color:#fff}
button:focus-visible{outline:2px solid #2f6f4f;outline-offset:2px}
@media(prefers-color-scheme:dark){body{color:#ececef;background:#111113}button{background:#5cc08c;color:#111113}}`;

/** Nothing is loaded, and no other page can embed it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // With `no-referrer`, browsers would send the form with the origin `null`, which the server refuses.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

const page = (title: string, content: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${content}</main></body></html>`;

/** Asks before it acts, so that a program that opens every link acknowledges nothing. */
export const confirmPage = (title: string) =>
  page(
    "Acknowledge this incident?",
    `<p>${escapeHtml(title)}</p><p>Escalations stop. Your team sees that someone is working on it.</p><form method="post"><button type="submit">Acknowledge</button></form>`,
  );

export const invalidPage = () =>
  page(
    "This link is not valid",
    "<p>It may have expired: links are valid for seven days. Open the incident in Treadle.</p>",
  );

const RESULTS: Readonly<Record<Acknowledgement, readonly [title: string, text: string]>> = {
  acknowledged: ["Acknowledged", "Escalations have stopped. You can close this page."],
  "already-acknowledged": ["Already acknowledged", "Someone acknowledged it before, or it was resolved."],
  "not-found": ["Not found", "It no longer exists. You can close this page."],
};

export function resultPage(result: Acknowledgement, subject: string): string {
  const [title, text] = RESULTS[result];
  return page(title, `<p>${escapeHtml(subject)}</p><p>${text}</p>`);
}
