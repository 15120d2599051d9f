import { z } from "zod";
import type { ScorerTools } from "../scoring/scorer-tools.ts";
import { askJudge, type JudgeQuestion, toldTo } from "./ask-judge.ts";

/** A statement, and whether the reference supports it. */
export type Claim = { readonly claim: string; readonly isSupported: boolean };

const Shape = z.object({
  claims: z.array(z.object({ claim: z.string(), supported: z.boolean() })).max(200),
});
const EXAMPLE = '{"claims": [{"claim": "<statement>", "supported": <true or false>}]}';

const instructionsOf = (what: string, against: string) =>
  `Take ${what} apart into statements that each can be true or false by themselves; replace words such as "it" by what they stand for. A text that states nothing, such as a greeting or a refusal, has none. Then say of each statement whether it is "supported": whether it follows from ${against}, and from nothing else that you may know.`;

export const toldOfClaims = (what: string, against: string) => toldTo(instructionsOf(what, against), EXAMPLE);

type Asked = Pick<JudgeQuestion<typeof Shape>, "settings" | "sample" | "parts"> & {
  readonly what: string;
  readonly against: string;
};

/** The statements of one part of the material, each compared with another part. */
export async function askClaims(tools: ScorerTools, { what, against, ...asked }: Asked) {
  const answer = await askJudge(tools, {
    ...asked,
    instructions: instructionsOf(what, against),
    shape: Shape,
    example: EXAMPLE,
  });
  if (answer.kind === "failed") return answer;
  const claims: Claim[] = answer.value.claims.map(({ claim, supported }) => ({ claim, isSupported: supported }));
  const supported = claims.filter(({ isSupported }) => isSupported).length;
  return { ...answer, claims, supported, details: { ...answer.details, claims } };
}
