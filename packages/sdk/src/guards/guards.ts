import type { GuardFinding, GuardTrust, RequestOf, TreadleApi } from "@treadle/contract";
import type { z } from "zod";
import { type ClientOptions, createClient } from "../client.ts";

type CheckRequest = NonNullable<RequestOf<TreadleApi["POST /api/v1/guards/check"]>["body"]>;
type Message = NonNullable<CheckRequest["messages"]>[number];
type Finding = z.infer<typeof GuardFinding>;

export type GuardOptions = Pick<ClientOptions, "baseUrl" | "apiKey" | "fetch"> &
  (
    | { /** A stored policy. */ readonly policyId: string; readonly rules?: never }
    | { /** The rules themselves. */ readonly rules: CheckRequest["rules"]; readonly policyId?: never }
  );

/** What a check found. Findings have places and kinds, and never values. */
export type GuardResult = {
  /** The strongest action of all findings; `allow` without any. */
  readonly action: "allow" | Finding["action"];
  /** The text with what was masked or redacted replaced. Null if it is blocked. */
  readonly text: string | null;
  readonly findings: readonly Finding[];
  /** Why the text was not scanned; null if it was. */
  readonly notScanned: string | null;
};

/** A text that a policy blocks. */
export class BlockedError extends Error {
  readonly findings: readonly Finding[];

  constructor({ findings, notScanned }: GuardResult) {
    const kinds = [...new Set(findings.map(({ kind }) => kind))].join(", ");
    super(notScanned ? `The text was not scanned (${notScanned}), and is blocked.` : `The text is blocked: ${kinds}.`);
    this.name = "BlockedError";
    this.findings = findings;
  }
}

type Source = { readonly trust?: z.infer<typeof GuardTrust>; readonly signal?: AbortSignal };

/** Checks texts of a program under guard policies of a server. Every call throws an `ApiError` if the server cannot check. */
export function createGuard({ policyId, rules, ...server }: GuardOptions) {
  const client = createClient(server);
  const policy = policyId === undefined ? { rules } : { policyId };

  /** The verdict on a text; `trust` says where it comes from, by default from the user. */
  async function check(text: string, { trust = "user", signal }: Source = {}): Promise<GuardResult> {
    const verdict = await client.call("POST /api/v1/guards/check", {
      body: { text, trust, ...policy },
      ...(signal && { signal }),
    });
    const [checked] = verdict.texts;
    return {
      action: verdict.action,
      text: verdict.action === "block" ? null : (checked?.text ?? text),
      findings: checked?.findings ?? [],
      notScanned: checked?.notScanned ?? null,
    };
  }

  return {
    check,
    /** The verdict on messages in the format of chat completions, with one entry for each text. */
    checkMessages: (messages: readonly Message[], signal?: AbortSignal) =>
      client.call("POST /api/v1/guards/check", {
        body: { messages: [...messages], ...policy },
        ...(signal && { signal }),
      }),
    /** The text as it may be used. Throws a `BlockedError` if the policy blocks it. */
    async protect(text: string, source?: Source): Promise<string> {
      const result = await check(text, source);
      if (result.text === null) throw new BlockedError(result);
      return result.text;
    },
  };
}
export type Guard = ReturnType<typeof createGuard>;
