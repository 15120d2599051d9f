import type { Detector } from "../detector.ts";
import { createPatternSearch } from "../patterns/find-patterns.ts";
import { SECRET_PATTERNS } from "../secrets/secret-patterns.ts";
import { findInViews } from "./find-in-views.ts";

const search = createPatternSearch(SECRET_PATTERNS);

/** Keys, tokens and passwords, in any form of the text. */
export const secrets: Detector = {
  name: "secrets",
  version: 1,
  isDeterministic: true,
  need: { upTo: 256 },
  find: (prepared) =>
    findInViews("secrets", prepared, (text) =>
      search(text).map(({ start, end, score, pattern }) => ({ start, end, score, kind: pattern.kind })),
    ),
};
