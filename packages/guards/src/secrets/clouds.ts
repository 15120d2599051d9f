import type { Pattern } from "../patterns/pattern.ts";
import { isRandom, secret, token } from "./secret.ts";

/** Keys of clouds, hosts and databases. */
export const cloudSecrets: readonly Pattern[] = [
  secret("aws-access-key", "AWS access key", {
    hints: ["akia", "asia", "abia", "acca"],
    pattern: /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/g,
  }),
  secret("aws-secret-key", "AWS secret key", {
    hints: ["aws"],
    pattern: /aws.{0,20}?(?:secret|key).{0,20}?[=:\s"']{1,6}(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    isValid: isRandom,
  }),
  secret("google-key", "Google API key", {
    hints: ["aiza", "gocspx-", "ya29."],
    pattern: /(?<!\w)(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{30,250})(?![\w-])/g,
  }),
  secret("azure-key", "Azure key", {
    hints: ["accountkey=", "sharedaccesskey=", "8q~", "7q~"],
    pattern:
      /(?:AccountKey=(?<value>[A-Za-z0-9+/]{86}==))|SharedAccessKey=[A-Za-z0-9+/]{43}=|(?<![\w.~-])[\w.~-]{3}[78]Q~[\w.~-]{31,34}(?![\w.~-])/g,
  }),
  token("alibaba-key", "Alibaba Cloud key", { hints: ["ltai"], form: "LTAI[A-Za-z0-9]{20}" }),
  token("cloudflare-key", "Cloudflare key", {
    hints: ["v1.0-", "cfut_", "cfat_"],
    form: "v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}|cf[ua]t_[\\w-]{40,60}",
  }),
  token("databricks-token", "Databricks token", { hints: ["dapi"], form: "dapi[0-9a-f]{32}(?:-\\d)?" }),
  token("digitalocean-token", "DigitalOcean token", {
    hints: ["dop_v1_", "doo_v1_", "dor_v1_"],
    form: "do[opr]_v1_[0-9a-f]{64}",
  }),
  token("fly-token", "Fly.io token", { hints: ["fm2_", "fo1_"], form: "fo1_[\\w-]{43}|fm2_[\\w+/=]{100,250}" }),
  token("netlify-token", "Netlify token", { hints: ["nfp_"], form: "nfp_[A-Za-z0-9]{36}" }),
  token("planetscale-token", "PlanetScale token", {
    hints: ["pscale_"],
    form: "pscale_(?:tkn|oauth|pw)_[\\w.-]{32,64}",
  }),
  token("render-key", "Render key", { hints: ["rnd_"], form: "rnd_[A-Za-z0-9]{32}" }),
  token("supabase-key", "Supabase key", {
    hints: ["sbp_", "sb_secret_"],
    form: "sbp_[0-9a-f]{40}|sb_secret_[\\w-]{31,36}",
  }),
  token("tailscale-key", "Tailscale key", {
    hints: ["tskey-"],
    form: "tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,40}",
  }),
  token("vault-token", "HashiCorp Vault token", { hints: ["hvs.", "hvb.", "hvr."], form: "hv[sbr]\\.[\\w-]{24,250}" }),
  token("terraform-token", "Terraform Cloud token", {
    hints: [".atlasv1."],
    form: "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,70}",
  }),
  token("vercel-token", "Vercel token", {
    hints: ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
    form: "vc[piark]_[A-Za-z0-9]{24,60}",
  }),
];
