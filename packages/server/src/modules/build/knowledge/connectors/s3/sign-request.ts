import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

export type S3Access = {
  /** Null for a public bucket. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  readonly region: string;
  readonly now: () => number;
};

const EMPTY_HASH = createHash("sha256").digest("hex");

/** The headers of a GET with AWS Signature Version 4 as S3 wants it: the path is encoded once, and the hash of the body is a header. */
export async function signS3Get(address: URL, { credentials, region, now }: S3Access): Promise<Record<string, string>> {
  if (!credentials) return {};
  const signer = new SignatureV4({ credentials, region, service: "s3", sha256: Sha256, uriEscapePath: false });
  const { headers } = await signer.sign(
    {
      method: "GET",
      protocol: address.protocol,
      hostname: address.hostname,
      path: address.pathname,
      query: Object.fromEntries(address.searchParams),
      headers: { host: address.host, "x-amz-content-sha256": EMPTY_HASH },
    },
    { signingDate: new Date(now()) },
  );
  return headers;
}
