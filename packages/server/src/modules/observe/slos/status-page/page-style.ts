import { hash } from "node:crypto";

/** The styles of the page. They are part of it, so the page loads nothing else. */
export const STYLE = `:root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--line:#e6e5e1;--text:#1b1b18;--muted:#63625c;--good:#2f7d4f;--warn:#a16207;--bad:#b3261e;--none:#cfcec8}
@media(prefers-color-scheme:dark){:root{--bg:#111113;--panel:#18181b;--line:#2a2a2f;--text:#ececef;--muted:#a1a1aa;--good:#5cc08c;--warn:#e0b04b;--bad:#f2877e;--none:#3b3b42}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:760px;margin:0 auto;padding:32px 16px 48px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:18px;margin:32px 0 8px}
h3{font-size:16px;margin:0;overflow-wrap:anywhere}
p{margin:4px 0;overflow-wrap:anywhere;white-space:pre-line}
.muted{color:var(--muted);font-size:14px}
.foot{margin-top:32px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px 16px;margin:12px 0}
.overall{font-size:18px;font-weight:600}
.head{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between}
.state{font-weight:600;white-space:nowrap}
.operational{color:var(--good)}.degraded{color:var(--warn)}.outage{color:var(--bad)}.unknown{color:var(--muted)}
svg{display:block;width:100%;height:36px;margin:8px 0 4px}
svg .operational{fill:var(--good)}svg .degraded{fill:var(--warn)}svg .outage{fill:var(--bad)}svg .unknown{fill:var(--none)}
.ends{display:flex;justify-content:space-between}
ul{list-style:none;margin:0;padding:0}
.update{border-top:1px solid var(--line);margin-top:8px;padding-top:8px}
details summary{cursor:pointer;font-size:14px;color:var(--muted)}
table{border-collapse:collapse;font-size:14px;width:100%;font-variant-numeric:tabular-nums}
td,th{text-align:left;padding:2px 8px 2px 0;font-weight:400}
:focus-visible{outline:2px solid var(--good);outline-offset:2px}`;

const STYLE_HASH = hash("sha256", STYLE, "base64");

/** Nothing runs and nothing loads. Only these styles apply. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};
