import { z } from "zod";

const auto = <Value extends z.ZodType>(value: Value) => z.union([z.literal("auto"), value]).default("auto");

/** A run that a provider trains with OpenAI's fine-tuning API or a similar API. The provider stores the weights. */
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
      .describe("The provider's name of the base model. Null uses `base_model`."),
    suffix: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .nullable()
      .default(null)
      .describe("A suffix for the name of the trained model."),
    batch_size: auto(z.number().int().min(1).max(256)).describe("Rows per step. `auto` lets the provider decide."),
    learning_rate_multiplier: auto(z.number().positive().max(100)).describe(
      "A multiple of the provider's default learning rate.",
    ),
    price_per_million_tokens: z
      .number()
      .min(0)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe("The provider's price for a million trained tokens in US dollars, to estimate the cost of a run."),
  })
  .describe("A provider's fine-tuning API. The model stays at the provider and is called through the connection.");
export type ProviderLauncher = z.output<typeof ProviderLauncher>;

/** Keys of a configuration that a provider does not read, since it chooses that itself. */
export const CHOSEN_BY_PROVIDERS = [
  ...(["chat_template", "train_on", "sequence_len", "adapter", "lora", "micro_batch_size"] as const),
  ...(["gradient_accumulation_steps", "lr_scheduler", "warmup", "weight_decay", "max_grad_norm"] as const),
  ...(["precision", "eval", "save", "threads"] as const),
] as const;
/** Settings that no provider supports, and that are therefore rejected. */
export const REFUSED_BY_PROVIDERS = ["max_steps", "learning_rate", "budget"] as const;

type Asked = {
  readonly method: string;
  readonly launcher: { readonly type: string };
  readonly num_epochs: number | null;
  readonly max_steps: number | null;
  readonly learning_rate: number | "auto";
  readonly beta: number;
  readonly budget: { readonly max_minutes: number | null; readonly max_memory_gb: number | null };
};
const MOST_EPOCHS = 50;
const MOST_BETA = 2;

/** What a configuration asks for that no provider does, with the key and what to do. Nothing for a run that is trained elsewhere. */
export function askedInVain({ launcher, method, num_epochs, max_steps, learning_rate, beta, budget }: Asked) {
  if (launcher.type !== "provider") return [];
  const problems: { readonly path: string; readonly message: string }[] = [];
  const refuse = (path: string, message: string) => problems.push({ path, message });
  if (method !== "sft" && method !== "dpo") refuse("method", "must be sft or dpo at a provider");
  if (max_steps !== null) refuse("max_steps", "is not supported by providers; set `num_epochs`");
  if (num_epochs !== null && !(Number.isInteger(num_epochs) && num_epochs <= MOST_EPOCHS))
    refuse("num_epochs", `must be a whole number up to ${MOST_EPOCHS} at a provider`);
  if (learning_rate !== "auto")
    refuse("learning_rate", "is chosen by the provider; set `launcher.learning_rate_multiplier` instead");
  if (beta > MOST_BETA) refuse("beta", `must be at most ${MOST_BETA} at a provider`);
  if (budget.max_minutes !== null || budget.max_memory_gb !== null)
    refuse("budget", "is not supported at a provider, which returns no result of a partial run; remove it");
  return problems;
}
