import { z } from "zod";
import type { Outbound } from "../../../../platform/outbound/port.ts";
import type { HubFile } from "../catalogue/catalogue.ts";

const TIMEOUTS = { connectMs: 4_000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 20_000 };
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LETTERS = 120;

/** The license in a card's metadata. `other` is a license that only its name identifies. */
const Card = z.looseObject({
  license: z.union([z.string(), z.array(z.string()).nonempty()]),
  license_name: z.string().min(1).optional().catch(undefined),
});
const Info = z.looseObject({ cardData: z.unknown() });

/** The license in the front matter of a model's card; null where it says none. */
export function licenseOfCard(card: unknown): string | null {
  const fields = Card.safeParse(card).data;
  if (!fields) return null;
  const named = [fields.license].flat().join(", ").trim();
  const license = named === "other" ? (fields.license_name ?? named) : named;
  return license === "" ? null : license.slice(0, MAX_LETTERS);
}

type Hub = {
  readonly outbound: Pick<Outbound, "request">;
  readonly hubUrl: string;
  readonly hubToken?: string | undefined;
};

/**
 * The hub's license of a repository. Null if it has none or the hub does not respond, because a missing license must
 * not stop an import.
 */
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
