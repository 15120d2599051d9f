import { createHash } from "node:crypto";
import {
  DEFAULT_PROMPT_LABEL,
  LATEST_LABEL,
  type PromptContent,
  type RenderedPrompt,
  type UsablePrompt,
} from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Inputs } from "../fill/fill-in.ts";
import { createLabelStore } from "../stores/label-store.ts";
import { createVersionStore, type Reference } from "../stores/version-store.ts";
import { toVersion } from "./content.ts";
import { findIncludedIn, findPrompt, noVersion, type PromptParts } from "./deps.ts";
import { expandIncludes } from "./includes.ts";
import { createReadCache } from "./read-cache.ts";

/** The version to use; `production` by default. */
export type Choice = {
  readonly label?: string | null | undefined;
  readonly version?: number | null | undefined;
};
/** A version to be used, and the tag that changes whenever it does. The prompt is frozen: it is the same object until it changes. */
export type Tagged = { readonly prompt: UsablePrompt; readonly tag: string; readonly size: number };

/** A new prompt has no label but `latest`, and a caller may not know that it asked for `production`. */
function adviceFor(name: string, label: string): string {
  const address = `PUT /api/v1/prompts/${encodeURIComponent(name)}/labels/${label}`;
  if (label !== DEFAULT_PROMPT_LABEL) return `Use one of them, or give a version this label with ${address}.`;
  return `A call without a label or version gets "${label}". Give a version this label on the prompt's page or with ${address}, or name a label or version in the call.`;
}

/** What applications read and call, kept in memory until something of the project's prompts changes. */
export function createReading({ db, clock, namesOf, fill }: Omit<PromptParts, "forget">) {
  const cache = createReadCache<Tagged>({ clock, sizeOf: ({ size }) => size });

  async function read(
    projectId: string,
    name: string,
    { reference, isKept }: { reference: Reference; isKept: boolean },
  ) {
    const found = await createVersionStore(db).findByName(projectId, name, reference);
    if (!found) throw await lacking(projectId, name, reference);
    const labels = await createLabelStore(db).list(projectId, [found.prompt.id]);
    const names = await namesOf(projectId, [found.version.createdBy]);
    const version = toVersion(found.version, { prompt: found.prompt, labels, names });
    const { content, included } = isKept
      ? { content: version, included: {} }
      : await expandIncludes(version, { names: [name], find: findIncludedIn(db, projectId) });
    return tagged({ ...version, ...content, included });
  }

  async function lacking(projectId: string, name: string, reference: Reference): Promise<AppError> {
    const prompt = await findPrompt(db, { projectId }, name);
    if ("version" in reference) return noVersion(name, reference.version, prompt.latestVersion);
    const labels = await createLabelStore(db).list(projectId, [prompt.id]);
    const known = [...labels, { label: LATEST_LABEL, version: prompt.latestVersion }];
    const available = known.map(({ label, version }) => `${label} (${version})`).join(", ");
    return new AppError("not_found", {
      message: `The prompt "${name}" has no label "${reference.label}". Available labels: ${available}. ${adviceFor(name, reference.label)}`,
      details: { kind: "prompt label", id: `${name}@${reference.label}` },
    });
  }

  function get(
    projectId: string,
    name: string,
    { label, version, includes = "resolve" }: Choice & { includes?: "resolve" | "keep" },
  ): Tagged | Promise<Tagged> {
    const reference = referenceOf({ label, version });
    const key = `${includes} ${"version" in reference ? reference.version : `@${reference.label}`} ${name}`;
    return cache.get(projectId, key, () => read(projectId, name, { reference, isKept: includes === "keep" }));
  }

  async function fillIn(
    content: PromptContent,
    inputs: Inputs,
    { name, version }: { name: string; version: number | null },
  ) {
    const { text, messages } = await fill.fill(content, inputs);
    const { model, parameters, tools, responseFormat } = content;
    return { name, version, text, messages: [...messages], model, parameters, tools, responseFormat };
  }

  return {
    get: (scope: Scope, name: string, choice: Choice & { includes?: "resolve" | "keep" }) =>
      get(scope.projectId, name, choice),

    async render(
      scope: Scope,
      name: string,
      { inputs, ...choice }: Choice & { inputs: Inputs },
    ): Promise<RenderedPrompt> {
      const { prompt } = await get(scope.projectId, name, choice);
      return fillIn(prompt, inputs, prompt);
    },

    async preview(
      scope: Scope,
      { content, inputs }: { content: PromptContent; inputs: Inputs },
    ): Promise<RenderedPrompt> {
      const find = findIncludedIn(db, scope.projectId);
      const whole = await expandIncludes(content, { names: [], find });
      return fillIn(whole.content, inputs, { name: "", version: null });
    },

    forget: cache.forget,
  };
}

function referenceOf({ label, version }: Choice): Reference {
  const hasLabel = label !== undefined && label !== null;
  if (version === undefined || version === null) return { label: hasLabel ? label : DEFAULT_PROMPT_LABEL };
  if (!hasLabel) return { version };
  throw new AppError("invalid_request", {
    message: "Send a label or a version of the prompt, not both.",
    details: { param: "version" },
  });
}

function tagged(prompt: UsablePrompt): Tagged {
  const text = JSON.stringify(prompt);
  const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  return { prompt: Object.freeze(prompt), tag, size: 2 * text.length };
}
