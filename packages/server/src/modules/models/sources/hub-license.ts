import { z } from "zod";
import type { Outbound } from "../../../platform/outbound/port.ts";
import type { HubFile } from "../catalogue.ts";

const TIMEOUTS = { connectMs: 4_000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 20_000 };
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LETTERS = 120;

/** What a card says above its text. `other` is a license that only its name tells. */
const Card = z.looseObject({
  license: z.union([z.string(), z.array(z.string()).nonempty()]),
  license_name: z.string().min(1).optional().catch(undefined),
});
const Info = z.looseObject({ cardData: z.unknown() });

/** The license in the front matter of a model's card; null where it says none. */
export function licenseOfCard(card: unknown): string | null {
  const said = Card.safeParse(card).data;
  if (!said) return null;
  const named = [said.license].flat().join(", ").trim();
  const license = named === "other" ? (said.license_name ?? named) : named;
  return license === "" ? null : license.slice(0, MAX_LETTERS);
}

type Hub = {
  readonly outbound: Pick<Outbound, "request">;
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
};

/** What the hub says of a repository's license. Null where it says none or does not answer: a license holds no import up. */
export async function readHubLicense(
  { outbound, hubUrl, hubToken }: Hub,
  { repo, revision }: Pick<HubFile, "repo" | "revision">,
): Promise<string | null> {
  const path = ["api", "models", ...repo.split("/"), "revision", revision].map(encodeURIComponent).join("/");
  try {
    const { status, body } = await outbound.request({
      method: "GET",
      url: `${hubUrl.replace(/\/+$/, "")}/${path}`,
      headers: {
        "user-agent": "treadle",
        ...(hubToken === undefined ? {} : { authorization: `Bearer ${hubToken}` }),
      },
      signal: AbortSignal.timeout(TIMEOUTS.totalMs),
      timeouts: TIMEOUTS,
      maxBytes: MAX_BYTES,
    });
    return status === 200 ? licenseOfCard(Info.safeParse(JSON.parse(body.toString())).data?.cardData) : null;
  } catch {
    return null;
  }
}
