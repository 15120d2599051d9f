import type { UsablePrompt } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { createLabelStore, type LabelRow } from "../stores/label-store.ts";
import { createPromptStore, type PromptRow } from "../stores/prompt-store.ts";
import { createVersionStore } from "../stores/version-store.ts";
import type { PromptsDeps } from "./deps.ts";
import type { createReading } from "./read-prompt.ts";

type Query = {
  readonly name?: string | undefined;
  readonly label?: string | undefined;
  readonly tag?: string | undefined;
  readonly page: number;
  readonly limit: number;
};

/** Prompts in the shape of Langfuse's API, so that its SDKs read them as they are. */
export function createLangfuseReads({
  db,
  reading,
}: Pick<PromptsDeps, "db"> & { reading: ReturnType<typeof createReading> }) {
  const versions = createVersionStore(db);

  return {
    async get(scope: Scope, name: string, choice: { label?: string | undefined; version?: number | undefined }) {
      const { prompt } = await reading.get(scope, name, choice);
      const row = await createPromptStore(db).find(scope.projectId, name);
      return toLangfuse(prompt, row?.tags ?? []);
    },

    async list(scope: Scope, { name, label, tag, page, limit }: Query) {
      const store = createPromptStore(db);
      const filter = { name, label, tag, archived: "exclude" as const };
      const totalItems = await store.count(scope.projectId, filter);
      const rows = await store.listPage(scope.projectId, filter, { limit, offset: (page - 1) * limit });
      const ids = rows.map(({ id }) => id);
      const [labels, numbers] =
        ids.length === 0
          ? [[], []]
          : await Promise.all([
              createLabelStore(db).list(scope.projectId, ids),
              versions.listNumbers(scope.projectId, ids),
            ]);
      const meta = { page, limit, totalItems, totalPages: Math.ceil(totalItems / limit) };
      return { data: rows.map((row) => toMeta(row, { labels, numbers })), meta };
    },
  };
}

type Beside = {
  readonly labels: readonly LabelRow[];
  readonly numbers: readonly { readonly promptId: string; readonly version: number }[];
};

const toMeta = (row: PromptRow, { labels, numbers }: Beside) => ({
  name: row.name,
  type: row.type,
  tags: row.tags,
  labels: [...labels.filter(({ promptId }) => promptId === row.id).map(({ label }) => label), "latest"],
  versions: numbers.filter(({ promptId }) => promptId === row.id).map(({ version }) => version),
  lastUpdatedAt: row.updatedAt.toISOString(),
  lastConfig: {},
});

function toLangfuse(prompt: UsablePrompt, tags: readonly string[]) {
  const { promptId, name, version, labels, message, author, createdAt } = prompt;
  const { model, parameters, tools, responseFormat } = prompt;
  const config = {
    ...(model !== null && { model }),
    ...parameters,
    ...(tools.length > 0 && { tools }),
    ...(responseFormat !== null && { response_format: responseFormat }),
  };
  const content =
    prompt.type === "text"
      ? prompt.template
      : prompt.messages.map((one) =>
          "placeholder" in one
            ? { type: "placeholder", name: one.placeholder }
            : { type: "chatmessage", role: one.role, content: one.content },
        );
  return {
    id: `${promptId}-${version}`,
    name,
    version,
    type: prompt.type,
    prompt: content,
    config,
    labels,
    tags: [...tags],
    commitMessage: message === "" ? null : message,
    createdBy: author,
    createdAt,
    updatedAt: createdAt,
    resolutionGraph: null,
  };
}
