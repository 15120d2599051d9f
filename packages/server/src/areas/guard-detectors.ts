import { type Detector, openGroups, type PreparedText } from "@treadle/guards";
import { z } from "zod";
import type { GuardRegistry } from "../modules/build/guards/index.ts";
import { findPrivate, PRIVATE_KINDS, type PrivateKind } from "../modules/data/curation/index.ts";

/** The detectors of curation as guards know them. */

const PERSONAL_KINDS = PRIVATE_KINDS.filter((kind) => kind !== "secret");
const PersonalOptions = z.strictObject({
  kinds: z
    .array(z.enum(PERSONAL_KINDS))
    .min(1)
    .max(PERSONAL_KINDS.length)
    .default([...PERSONAL_KINDS]),
});
const NoOptions = z.strictObject({});

/** The longest private key or web token. */
const LONGEST_SECRET = 8_500;
/** A word so many characters after a number can tell what it is. */
const NEAR = 60;
const NUMBER_BEFORE = /\d[\d .()/-]{5,40}\d[^\d]{0,59}$/;

const find = ({ text }: PreparedText, kinds: ReadonlySet<PrivateKind>, detector: string) =>
  findPrivate(text, kinds).map(({ start, end, detector: { id } }) => ({
    detector,
    kind: id,
    start,
    end,
    score: 1,
    view: "text" as const,
  }));

const personalData: Detector<{ readonly kinds: readonly PrivateKind[] }> = {
  name: "personal-data",
  version: 1,
  isDeterministic: true,
  need: { upTo: 400 },
  openFrom(text) {
    const number = NUMBER_BEFORE.exec(text.slice(-(NEAR + 60)));
    const open = number ? Math.max(0, text.length - (NEAR + 60)) + number.index : text.length;
    return Math.min(open, openGroups(text));
  },
  find: (text, { kinds }) => find(text, new Set(kinds), "personal-data"),
};

const secrets: Detector<unknown> = {
  name: "secrets",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_SECRET },
  openFrom(text) {
    const key = text.lastIndexOf("-----BEGIN");
    const isOpen = key !== -1 && !/-----END [A-Z ]{0,40}-----/.test(text.slice(key));
    const token = text.length - (/\S{1,8500}$/.exec(text)?.[0].length ?? 0);
    return Math.min(token, isOpen ? key : text.length);
  },
  find: (text) => find(text, new Set(["secret"]), "secrets"),
};

const OPTIONS: ReadonlyMap<string, z.ZodType> = new Map([
  [personalData.name, PersonalOptions],
  [secrets.name, NoOptions],
]);

/** The detectors of this server, and how their options are read. */
export const guardRegistry: GuardRegistry = {
  detectors: new Map([personalData, secrets].map((detector) => [detector.name, detector as Detector<unknown>])),
  prepare: (text) => ({
    text,
    normalized: { view: "normalized", text, toOriginal: (span) => span },
    hidden: [],
  }),
  readOptions(detector, options) {
    const result = OPTIONS.get(detector)?.safeParse(options);
    if (result?.success) return result.data;
    throw new Error(result?.error.issues[0]?.message ?? `there is no detector "${detector}"`);
  },
};
