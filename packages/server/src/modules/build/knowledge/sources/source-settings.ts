import type { KnowledgeSourceInput, KnowledgeSourcePatch } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { SourceSettings } from "../stores/source-settings.ts";

type Field = keyof SourceSettings | "token" | "secretAccessKey";

const OF_ALL: readonly Field[] = ["include", "exclude", "shrinkLimit"];
const OF_KIND: Readonly<Record<string, readonly Field[]>> = {
  folder: ["folder"],
  web: ["addresses", "hosts", "maxDepth", "maxPages", "delayMs", "usesSitemap"],
  git: ["repository", "branch", "subfolder", "token"],
  s3: ["endpoint", "region", "bucket", "prefix", "accessKeyId", "secretAccessKey"],
};

type Given = Omit<KnowledgeSourceInput, "kind"> | KnowledgeSourcePatch;

/** The part of the input that belongs to the kind. Throws `unprocessable` for a setting of another kind. */
export function splitInput(kind: string, input: Given) {
  const { name, principals, everySeconds, isEnabled, token, secretAccessKey, ...settings } = input;
  const allowed = new Set<string>([...OF_ALL, ...(OF_KIND[kind] ?? [])]);
  for (const [field, value] of Object.entries({ ...settings, token, secretAccessKey }))
    if (value !== undefined && value !== null && !allowed.has(field))
      throw new AppError("unprocessable", {
        message: `\`${field}\` is a setting of another kind. A source of the kind ${kind} has: ${(OF_KIND[kind] ?? []).join(", ")}.`,
        details: { param: field },
      });
  return {
    row: { name, principals, everySeconds, isEnabled },
    settings,
    secret: token ?? secretAccessKey ?? undefined,
  };
}

/** Whether a patch removes the stored secret. */
export const removesSecret = ({ token, secretAccessKey }: KnowledgeSourcePatch) =>
  token === null || secretAccessKey === null;

/** Only what is given. */
export const withoutUndefined = <Shape extends object>(shape: Shape): Partial<Shape> =>
  // The entries of an object of the shape are its fields.
  Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Partial<Shape>;

/** The settings after a patch, in which null removes a setting. */
export function mergeSettings(
  before: SourceSettings,
  patch: ReturnType<typeof splitInput>["settings"],
): SourceSettings {
  const merged = { ...before, ...withoutUndefined(patch) };
  // What is left after null has the types of the settings.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as SourceSettings;
}
