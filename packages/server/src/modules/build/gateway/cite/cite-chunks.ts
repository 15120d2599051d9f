import { type AnswerStep, createCitationReader } from "@treadle/retrieval";
import type { ChatChunk } from "../formats/hub/hub.ts";
import { textOf } from "../formats/hub/json.ts";
import type { Grounding } from "../request/grounding.ts";
import { sourcesOf } from "./cite-response.ts";
import { annotationsOf, knowledgeOf } from "./describe-grounding.ts";

type Choice = ChatChunk["choices"][number];

/**
 * A streamed answer with its citations. Text is passed on as it arrives, except for what can still become a mark. The first chunk has
 * the knowledge that the answer is made from.
 */
export async function* citeChunks(source: AsyncIterable<ChatChunk>, grounding: Grounding): AsyncGenerator<ChatChunk> {
  const choices = new Map<number, ReturnType<typeof createChoice>>();
  let isFirst = true;
  for await (const chunk of source) {
    const head = isFirst ? { ...chunk, knowledge: knowledgeOf(grounding) } : chunk;
    isFirst = false;
    yield { ...head, choices: chunk.choices.flatMap(read) };
  }

  function read(given: Choice): Choice[] {
    const index = given.index ?? 0;
    const choice = choices.get(index) ?? createChoice(grounding);
    choices.set(index, choice);
    return choice.read(given);
  }
}

/** One choice. The text before the call of a tool ends with it. */
function createChoice(grounding: Grounding) {
  const text = createText(grounding);
  return {
    read({ delta: { content, ...others }, ...choice }: Choice): Choice[] {
      const isEnd = Boolean(choice.finish_reason) || (others.tool_calls?.length ?? 0) > 0;
      const deltas = [...text.push(textOf(content)), ...(isEnd ? text.end() : [])].filter(isShown);
      const { finish_reason: _, stop_sequence: _stop, logprobs: _logprobs, ...place } = choice;
      return [
        ...deltas.map((delta): Choice => ({ ...place, delta, finish_reason: null })),
        { ...choice, delta: others },
      ];
    },
  };
}

const isShown = (delta: Choice["delta"]) => Object.keys(delta).length > 0;

/** The text of a message. Each part of it that ends is read by itself. */
function createText(grounding: Grounding) {
  const open = () => createCitationReader(sourcesOf(grounding), { policy: grounding.policy });
  let reader = open();
  /** Characters that were passed on, and those of them that came from earlier readers. */
  let length = 0;
  let from = 0;

  function deltaOf({ text, citations }: AnswerStep): Choice["delta"] {
    length += text.length;
    const annotations = annotationsOf(citations, grounding.passages, from);
    return { ...(text !== "" && { content: text }), ...(annotations.length > 0 && { annotations }) };
  }
  return {
    push: (text: string) => (text === "" ? [] : reader.push(text).map(deltaOf)),
    end(): Choice["delta"][] {
      const deltas = reader.end().map(deltaOf);
      reader = open();
      from = length;
      return deltas;
    },
  };
}
