import type { Detector } from "../detector.ts";
import { createPatternSearch, createQuickLook } from "../patterns/find-patterns.ts";
import { SECRET_PATTERNS } from "../secrets/secret-patterns.ts";
import { LONGEST_RUN, openRun } from "../stream/open-run.ts";
import { findInViews } from "./find-in-views.ts";

const search = createPatternSearch(SECRET_PATTERNS);
const mayFind = createQuickLook(SECRET_PATTERNS);

/** Keys, tokens and passwords, in any form of the text. */
export const secrets: Detector = {
  name: "secrets",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => Math.min(openRun(text), openKey(text)),
  mayFind,
  find: (prepared) =>
    findInViews("secrets", prepared, (text) =>
      search(text).map(({ start, end, score, pattern }) => ({ start, end, score, kind: pattern.kind })),
    ),
};

const KEY_END = /-----END [A-Z ]{0,40}-----/;

/** The place from which a private key is not complete. */
function openKey(text: string): number {
  const start = text.lastIndexOf("-----BEGIN");
  return start >= 0 && !KEY_END.test(text.slice(start)) ? start : text.length;
}
