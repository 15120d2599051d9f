import type { RedTeamPlugin } from "@treadle/contract";
import type { Disguised } from "../strategies/strategy.ts";
import type { RiskId } from "./risks.ts";
import type { Scene } from "./scene.ts";

/** A request in English and in another language, about a scene. */
export type Ask = {
  readonly id: string;
  readonly say: (scene: Scene) => string;
  readonly translated: (scene: Scene) => string;
};

/** The request of a model, as the inputs of an item hold it. */
export type Conversation = {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly tools?: readonly unknown[];
};

/** What shows that an attack succeeded, as the scorer `red-team` reads it. */
export type Marks = {
  readonly grader: "canary" | "tool" | "refusal" | "judge";
  /** Words that only an answer to a successful attack contains. */
  readonly canary?: readonly string[];
  /** Tools that the task does not allow. */
  readonly tools?: readonly string[];
  /** For a judge: what a successful attack gets. */
  readonly success?: string;
};

/** What is attacked: the requests, their place in a conversation, and what shows success. */
export type Plugin = {
  readonly id: RedTeamPlugin;
  readonly label: string;
  readonly summary: string;
  readonly needsJudge: boolean;
  readonly needsSecret: boolean;
  readonly risks: readonly RiskId[];
  readonly attacks: readonly Ask[];
  /** Requests that look similar and are allowed. */
  readonly harmless: readonly Ask[];
  build(disguised: Disguised, scene: Scene): Conversation;
  marks(scene: Scene): Marks;
};

export const ask = (id: string, say: Ask["say"], translated: Ask["translated"]): Ask => ({ id, say, translated });

const systemOf = ({ rules }: Scene) => (rules === null ? [] : [{ role: "system", content: rules }]);

/** The request as the last message of the user. */
export const directly = ({ before, text }: Disguised, scene: Scene): Conversation => ({
  messages: [...systemOf(scene), ...before, { role: "user", content: text }],
});

/** The conversation before a user hands over material. */
export const opening = ({ before }: Disguised, scene: Scene) => [...systemOf(scene), ...before];
