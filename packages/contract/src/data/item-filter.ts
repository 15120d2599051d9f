import type { FilterField } from "../observe/filter/fields.ts";
import { parseFilterOf } from "../observe/filter/parser.ts";
import { SOURCE_KINDS } from "./datasets.ts";

/** What a filter can ask for of an item. */
export const ITEM_FILTER_FIELDS = [
  { name: "id", kind: "text", isKeyed: false, aliases: ["itemId"], description: "Its id." },
  { name: "split", kind: "text", isKeyed: false, aliases: [], description: "Its split, such as train." },
  {
    name: "source",
    kind: "choice",
    isKeyed: false,
    aliases: [],
    description: "The kind of its source.",
    choices: SOURCE_KINDS,
  },
  { name: "file", kind: "text", isKeyed: false, aliases: [], description: "The name of the file it came from." },
  { name: "trace", kind: "text", isKeyed: false, aliases: ["traceId"], description: "The trace it came from." },
  { name: "model", kind: "text", isKeyed: false, aliases: [], description: "The model that wrote it." },
  {
    name: "inputs",
    kind: "score",
    isKeyed: true,
    aliases: ["input"],
    description: "A value of its inputs: inputs.topic:refund, inputs.turns>3.",
  },
  {
    name: "expected",
    kind: "score",
    isKeyed: true,
    isKeyOptional: true,
    aliases: ["output", "answer"],
    description: "The expected answer: expected:yes, expected.label:spam.",
  },
  {
    name: "metadata",
    kind: "score",
    isKeyed: true,
    aliases: ["meta"],
    description: "A value of its metadata: metadata.score>0.5.",
  },
  {
    name: "has",
    kind: "text",
    isKeyed: false,
    aliases: [],
    description: "Whether it has a field: has:split, has:expected, has:metadata.topic.",
  },
] as const satisfies readonly FilterField[];
export type ItemFilterField = (typeof ITEM_FILTER_FIELDS)[number]["name"];

const BY_NAME: ReadonlyMap<string, FilterField & { readonly name: ItemFilterField }> = new Map(
  ITEM_FILTER_FIELDS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name.toLowerCase(), each] as const)),
);

/** Reads a filter of items, such as `split:train inputs.topic:refund metadata.score>0.5 -expected:yes "some words"`. */
export const parseItemFilter = (text: string) =>
  parseFilterOf(
    {
      fields: ITEM_FILTER_FIELDS,
      find: (name) => BY_NAME.get(name.toLowerCase()),
      hint: "For a field of an item write inputs.KEY:value or metadata.KEY:value; to look for the text, put it in quotes.",
      keyed: (name) => `for a field of an item, inputs.${name} or metadata.${name}`,
    },
    text,
  );
