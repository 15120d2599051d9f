import { z } from "zod";
import { VariantKnowledge } from "./knowledge/use.ts";
import { PromptJson, PromptLabel, PromptName, PromptParameters, PromptVersionNumber } from "./prompts.ts";
import { priority, variantName } from "./routing.ts";

/** The stored prompt of a variant: by label, which can move, or by version, which never changes. */
const VariantPrompt = z
  .strictObject({
    name: PromptName,
    label: PromptLabel.nullable().default(null),
    version: PromptVersionNumber.nullable().default(null),
  })
  .refine(({ label, version }) => label === null || version === null, {
    message: "give a label or a version, not both",
    path: ["version"],
  });

export const cacheSeconds = z.number().int().min(0).max(31_536_000);

/** One way in which an endpoint can answer, with its share of the traffic. */
export const Variant = z.strictObject({
  name: variantName.describe("Unique within the endpoint. Spans and the header `x-treadle-variant` carry it."),
  model: z.string().min(1).max(240).describe("A local model id, a registered name, or `connection-slug/model`."),
  weight: z.number().int().min(0).max(1_000).default(1),
  priority: priority
    .default(1)
    .describe("Requests go to the variants of the lowest number. Later ones answer after failures: see `failover`."),
  prompt: VariantPrompt.nullable()
    .default(null)
    .describe(
      "A stored prompt, whose messages come before the messages of the request. Without a label or version, the label `production`. The request sends the inputs in `prompt.inputs`.",
    ),
  parameters: PromptParameters.default({}).describe(
    "Parameters of the model, such as `temperature`, in OpenAI's names. They replace the parameters of the request.",
  ),
  tools: z
    .array(PromptJson)
    .max(128)
    .nullable()
    .default(null)
    .describe("Tools in OpenAI's format. They replace the tools of the request. Null leaves those as they are."),
  cacheTtlSeconds: cacheSeconds
    .nullable()
    .default(null)
    .describe("How long the variant's responses are cached. Null is as the endpoint says."),
  knowledge: VariantKnowledge.optional().describe(
    "A knowledge base, whose passages the model answers from. Each answer cites them.",
  ),
});
export type Variant = z.infer<typeof Variant>;
