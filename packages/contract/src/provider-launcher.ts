import { z } from "zod";

const auto = <Value extends z.ZodType>(value: Value) => z.union([z.literal("auto"), value]).default("auto");

/** A run that a provider trains, by OpenAI's fine-tuning API or one like it. The provider keeps the weights. */
export const ProviderLauncher = z
  .strictObject({
    type: z.literal("provider"),
    connection: z.string().trim().min(1).max(40).describe("The slug of a connection of the project."),
    model: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe("The provider's name of the model that is trained; null takes `base_model`."),
    suffix: z.string().trim().min(1).max(64).nullable().default(null).describe("Goes into the provider's name of it."),
    batch_size: auto(z.number().int().min(1).max(256)).describe("Rows of a step; `auto` leaves it to the provider."),
    learning_rate_multiplier: auto(z.number().positive().max(100)).describe("Of the rate that the provider usually takes."),
    price_per_million_tokens: z
      .number()
      .min(0)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe("What the provider takes for a million trained tokens in US dollars, to say what a run costs."),
  })
  .describe("A provider's fine-tuning API; it keeps the model, which is asked through the connection.");
export type ProviderLauncher = z.output<typeof ProviderLauncher>;
