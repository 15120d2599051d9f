import { KnowledgeSourceInput } from "@treadle/contract";
import type { useFormState } from "../../../../components/form/form-state.ts";
import type { Source, SourcePatch } from "../shared/use-sources.ts";

export type SourceForm = ReturnType<typeof useFormState<typeof KnowledgeSourceInput>>;
export type Kind = KnowledgeSourceInput["kind"];

/** The settings that can be removed again. */
const OPTIONAL = ["branch", "subfolder", "region", "prefix", "accessKeyId"] as const;

/** The values of the form of an existing source. Its secret is not known here. */
export function valuesOf(source: Source): SourceForm["values"] {
  const parsed = KnowledgeSourceInput.strip().safeParse({ ...source });
  return parsed.success ? parsed.data : { name: source.name };
}

/** What the form changes. An emptied field removes its setting. */
export function patchOf(source: Source, { kind: _, ...values }: KnowledgeSourceInput): SourcePatch {
  const removed = OPTIONAL.filter((name) => source[name] !== undefined && values[name] === undefined);
  return { ...values, ...Object.fromEntries(removed.map((name) => [name, null])) };
}
