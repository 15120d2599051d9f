import { z } from "zod";

const Message = z.strictObject({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string().min(1).max(20_000),
});

/** The messages that an item becomes. The same templates ask the model in training, in experiments and when it is served. */
export const PromptTemplate = z
  .array(Message)
  .min(1)
  .max(50)
  .refine((messages) => messages.at(-1)?.role !== "assistant", "must not end with a message of the assistant");
export type PromptTemplate = z.output<typeof PromptTemplate>;

export const TARGET_PLACE = /^(?:expected|(?:inputs|expected|metadata)\.[^.]+(?:\.[^.]+)*)$/;
