import { createCitationReader } from "@treadle/retrieval";
import type { ChatMessage, ChatResponse } from "../formats/hub/hub.ts";
import { textOf } from "../formats/hub/json.ts";
import type { Grounding } from "../request/grounding.ts";
import { annotationsOf, knowledgeOf } from "./describe-grounding.ts";

/** The passages as sources that marks refer to. */
export const sourcesOf = ({ passages }: Grounding) => passages.map(({ number, text }) => ({ number, text }));

/** A whole answer with its citations: marks that no passage supports are removed or flagged, and the rest become annotations. */
export const citeResponse = (response: ChatResponse, grounding: Grounding): ChatResponse => ({
  ...response,
  choices: response.choices.map((choice) => ({ ...choice, message: citeMessage(choice.message, grounding) })),
  knowledge: knowledgeOf(grounding),
});

function citeMessage(message: ChatMessage, grounding: Grounding): ChatMessage {
  const answer = contentOf(message);
  if (answer === null) return message;
  const reader = createCitationReader(sourcesOf(grounding), { policy: grounding.policy });
  const steps = [...reader.push(answer), ...reader.end()];
  const citations = steps.flatMap((step) => step.citations);
  return {
    ...message,
    content: steps.map(({ text }) => text).join(""),
    annotations: annotationsOf(citations, grounding.passages, 0),
  };
}

/** Null for a message without text, such as one that only calls tools. */
function contentOf({ content }: ChatMessage): string | null {
  if (content === null || content === undefined || content === "") return null;
  return typeof content === "string" ? content : content.map(({ text }) => textOf(text)).join("");
}
