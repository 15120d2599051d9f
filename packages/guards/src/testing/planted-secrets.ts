import { checkSigns } from "../secrets/secret.ts";
import { createDraw } from "./random.ts";

const draw = createDraw(41);
const word = (length: number) => draw.signs(length, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789");
const upper = (length: number) => draw.signs(length, "ABCDEFGHJKLMNPQRSTUVWXYZ234567");
const hex = (length: number) => draw.signs(length, "0123456789abcdef");
const jwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Built from parts, so that scanners of this repository do not report them as real keys. */
const key = (...pieces: readonly string[]) => pieces.join("");
export const withChecksum = (prefix: string) => {
  const random = word(30);
  return key(prefix, random, checkSigns(random));
};

/** One secret of each kind. */
export const PLANTED_SECRETS: Readonly<Record<string, () => string>> = {
  "private-key": () =>
    key("-----BEGIN PRIVATE", " KEY-----\n", word(64), "\n", word(64), "\n-----END PRIVATE", " KEY-----"),
  jwt: () => key(jwtPart({ alg: "HS256", typ: "JWT" }), ".", jwtPart({ sub: word(12), exp: 1 }), ".", word(43)),
  "aws-access-key": () => key("AKIA", upper(16)),
  "aws-secret-key": () => key("aws_secret_access_key = ", word(38), "7/"),
  "google-key": () => key("AIza", word(35)),
  "azure-key": () => key("AccountKey=", word(86), "=="),
  "alibaba-key": () => key("LTAI", word(20)),
  "cloudflare-key": () => key("v1.0-", hex(24), "-", hex(146)),
  "databricks-token": () => key("dapi", hex(32)),
  "digitalocean-token": () => key("dop_v1_", hex(64)),
  "fly-token": () => key("fo1_", word(43)),
  "netlify-token": () => key("nfp_", word(36)),
  "planetscale-token": () => key("pscale_tkn_", word(43)),
  "render-key": () => key("rnd_", word(32)),
  "supabase-key": () => key("sbp_", hex(40)),
  "tailscale-key": () => key("tskey-auth-", word(12), "-", word(32)),
  "vault-token": () => key("hvs.", word(95)),
  "terraform-token": () => key(word(14), ".atlasv1.", word(67)),
  "vercel-token": () => key("vcp_", word(32)),
  "github-token": () => withChecksum("ghp_"),
  "gitlab-token": () => key("glpat-", word(20)),
  "npm-token": () => withChecksum("npm_"),
  "pypi-token": () => key("pypi-", "AgE", word(80)),
  "rubygems-key": () => key("rubygems_", hex(48)),
  "docker-token": () => key("dckr_pat_", word(27)),
  "atlassian-token": () => key("ATATT3", word(180), "=A1B2C3D4"),
  "linear-key": () => key("lin_api_", word(40)),
  "notion-token": () => key("ntn_", word(46)),
  "figma-token": () => key("figd_", word(40)),
  "postman-key": () => key("PMAK-", hex(24), "-", hex(34)),
  "airtable-token": () => key("pat", word(14), ".", hex(64)),
  "pulumi-token": () => key("pul-", hex(40)),
  "grafana-token": () => key("glsa_", word(32), "_", hex(8)),
  "new-relic-key": () => key("NRAK-", upper(27)),
  "sentry-token": () => key("sntryu_", hex(64)),
  "dynatrace-token": () => key("dt0c01.", upper(24), ".", upper(64)),
  "doppler-token": () => key("dp.pt.", word(43)),
  "buildkite-token": () => key("bkua_", hex(40)),
  "circleci-token": () => key("CCIPAT_", word(22), "_", hex(40)),
  "1password-token": () => key("ops_eyJ", word(230)),
  "age-key": () => key("AGE-SECRET-KEY-1", upper(58)),
  "anthropic-key": () => key("sk-ant-", "api03-", word(93)),
  "openrouter-key": () => key("sk-or-v1-", hex(64)),
  "langfuse-key": () => key("sk-lf-", hex(8), "-", hex(4), "-4", hex(3), "-a", hex(3), "-", hex(12)),
  "openai-key": () => key("sk-proj-", word(74), "T3BlbkFJ", word(74)),
  "groq-key": () => key("gsk_", word(52)),
  "xai-key": () => key("xai-", word(80)),
  "perplexity-key": () => key("pplx-", word(48)),
  "replicate-token": () => key("r8_", word(37)),
  "hugging-face-token": () => key("hf_", word(34)),
  "langsmith-key": () => key("lsv2_pt_", hex(32), "_", hex(10)),
  "pinecone-key": () => key("pcsk_", word(6), "_", word(63)),
  "treadle-key": () => key("tr_", word(43)),
  "slack-token": () => key("xoxb-", draw.digits(12), "-", word(24)),
  "stripe-key": () => key("sk_live_", word(24)),
  "square-token": () => key("sq0atp-", word(22)),
  "shopify-token": () => key("shpat_", hex(32)),
  "twilio-key": () => key("SK", hex(32)),
  "sendgrid-key": () => key("SG.", word(22), ".", word(43)),
  "mailchimp-key": () => key(hex(32), "-us12"),
  "mailgun-key": () => key("key-", hex(32)),
  "brevo-key": () => key("xkeysib-", hex(64), "-", word(16)),
  "telegram-token": () => key(`1${draw.digits(9)}:`, "AA", word(33)),
  "discord-webhook": () => key("https://discord.com/api/webhooks/1", draw.digits(17), "/", word(68)),
  "typeform-token": () => key("tfp_", word(44), "_", word(14)),
  "password-in-address": () => key("postgres://ann:", word(10), "@db.internal/app"),
  "password-in-connection": () => key("Server=db;Database=app;User Id=ann;Password=", word(12), ";"),
  "basic-credentials": () => key("Authorization: Basic ", Buffer.from(`ann:${word(12)}`).toString("base64")),
  "bearer-token": () => key("Authorization: Bearer ", word(40)),
  password: () => key("api_key: '", word(24), "7a'"),
};

/** Texts that a secret stands in. */
export const SURROUNDINGS: readonly ((secret: string) => string)[] = [
  (secret) => `Here it is: ${secret} and more text follows.`,
  (secret) => `{"message":"use ${secret} now"}`,
  (secret) => `\n${secret}\n`,
];
