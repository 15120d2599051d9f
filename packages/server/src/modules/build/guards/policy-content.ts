import type { GuardPolicy } from "@treadle/contract";

/** What a version of a policy consists of. */
export type PolicyContent = Pick<
  GuardPolicy,
  "name" | "description" | "isEnabled" | "appliesTo" | "rules" | "maskSeconds" | "refusal"
>;

/** The calls that a policy applies to, as one text. */
export const matchKeyOf = ({ keyId, endpointId, variant }: GuardPolicy["appliesTo"]): string =>
  `${keyId ?? ""}|${endpointId ?? ""}|${variant ?? ""}`;
