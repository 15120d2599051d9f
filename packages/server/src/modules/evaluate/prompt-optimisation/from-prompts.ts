import { PromptContent } from "@treadle/contract";
import type { createPrompts } from "../../build/prompts/index.ts";
import type { OptimisedPrompts } from "./stores/deps.ts";

type Prompts = Pick<ReturnType<typeof createPrompts>, "read" | "preview" | "versions">;

/** Prompts as searches for better ones need them. */
export const optimisedPrompts = ({ read, preview, versions }: Prompts): OptimisedPrompts => ({
  async find(scope, { name, label, version }) {
    const { prompt } = await read(scope, name, { label, version });
    const {
      promptId,
      name: _,
      version: found,
      labels,
      message,
      author,
      createdAt,
      contentHash,
      ...content
    } = await versions.get(scope, name, prompt.version);
    return { version: found, content: PromptContent.parse(content) };
  },
  preview: (scope, { content, inputs }) => preview(scope, { content, inputs }),
  save: (scope, name, { content, message }) => versions.create(scope, name, { ...content, message, labels: [] }),
});
