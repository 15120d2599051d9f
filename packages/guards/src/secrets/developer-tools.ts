import type { Pattern } from "../patterns/pattern.ts";
import { checksumScore, isNoPlaceholder, secret, token } from "./secret.ts";

const GITHUB_PREFIXES = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"];
const GITLAB_NAMES = ["pat", "ptt", "dt", "rt", "cbt", "ft", "agent", "oas", "soat", "imt", "ffct"];

/** Keys of code hosts, registries, builds and monitoring. */
export const toolSecrets: readonly Pattern[] = [
  secret("github-token", "GitHub token", {
    hints: GITHUB_PREFIXES,
    pattern: /(?<!\w)gh[pousr]_[A-Za-z0-9]{36}(?!\w)/g,
    isValid: checksumScore,
  }),
  secret("github-token", "GitHub token", {
    hints: [...GITHUB_PREFIXES, "github_pat_"],
    pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{37,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?!\w)/g,
    isValid: isNoPlaceholder,
  }),
  token("gitlab-token", "GitLab token", {
    hints: GITLAB_NAMES.map((name) => `gl${name}-`),
    form: `gl(?:${GITLAB_NAMES.join("|")})-[\\w.-]{20,64}`,
  }),
  secret("npm-token", "npm token", {
    hints: ["npm_"],
    pattern: /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/g,
    isValid: checksumScore,
  }),
  secret("pypi-token", "PyPI token", { hints: ["pypi-"], pattern: /(?<!\w)pypi-AgE[\w-]{50,250}/g }),
  token("rubygems-key", "RubyGems key", { hints: ["rubygems_"], form: "rubygems_[0-9a-f]{48}" }),
  token("docker-token", "Docker Hub token", { hints: ["dckr_"], form: "dckr_(?:pat|oat)_[\\w-]{27,40}" }),
  token("atlassian-token", "Atlassian token", { hints: ["atatt3"], form: "ATATT3[\\w-]{150,240}(?:=[0-9A-F]{8})?" }),
  token("linear-key", "Linear key", { hints: ["lin_"], form: "lin_(?:api|oauth)_[A-Za-z0-9]{40,64}" }),
  token("notion-token", "Notion token", {
    hints: ["ntn_", "secret_"],
    form: "ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43}",
  }),
  token("figma-token", "Figma token", { hints: ["figd_", "figo_"], form: "fig[dorh]{1,2}_[\\w-]{40,60}" }),
  token("postman-key", "Postman key", { hints: ["pmak-"], form: "PMAK-[0-9a-f]{24}-[0-9a-f]{34}" }),
  token("airtable-token", "Airtable token", { hints: ["pat"], form: "pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}" }),
  token("pulumi-token", "Pulumi token", { hints: ["pul-"], form: "pul-[0-9a-f]{40}" }),
  token("grafana-token", "Grafana token", {
    hints: ["glsa_", "glc_"],
    form: "glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/]{40,240}={0,2}",
  }),
  token("new-relic-key", "New Relic key", { hints: ["nrak-", "nrjs-"], form: "NRAK-[A-Z0-9]{27}|NRJS-[0-9a-f]{19}" }),
  token("sentry-token", "Sentry token", {
    hints: ["sntrys_", "sntryu_"],
    form: "sntryu_[0-9a-f]{64}|sntrys_eyJ[\\w+/=]{40,220}",
  }),
  token("dynatrace-token", "Dynatrace token", {
    hints: ["dt0c01.", "dt0s01."],
    form: "dt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}",
  }),
  token("doppler-token", "Doppler token", { hints: ["dp."], form: "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{40,70}" }),
  token("buildkite-token", "Buildkite token", { hints: ["bkua_"], form: "bkua_[0-9a-f]{40}" }),
  token("circleci-token", "CircleCI token", { hints: ["ccipat_"], form: "CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}" }),
  token("1password-token", "1Password token", {
    hints: ["ops_eyj", "a3-"],
    form: "ops_eyJ[\\w+/=]{200,250}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",
  }),
  token("age-key", "age secret key", { hints: ["age-secret-key-1"], form: "AGE-SECRET-KEY-1[0-9A-Z]{58}" }),
];
