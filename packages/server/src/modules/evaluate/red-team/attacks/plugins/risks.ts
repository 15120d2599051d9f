import type { RedTeamRisk } from "@treadle/contract";

const OWASP = "OWASP LLM Top 10 (2025)";
const NIST = "NIST AI 600-1";
const ATLAS = "MITRE ATLAS";

/** The entries of the public lists that plugins belong to. */
const RISKS = {
  "LLM01:2025": [OWASP, "Prompt Injection"],
  "LLM02:2025": [OWASP, "Sensitive Information Disclosure"],
  "LLM06:2025": [OWASP, "Excessive Agency"],
  "LLM07:2025": [OWASP, "System Prompt Leakage"],
  "2.3": [NIST, "Dangerous, Violent, or Hateful Content"],
  "2.4": [NIST, "Data Privacy"],
  "2.6": [NIST, "Harmful Bias and Homogenization"],
  "2.7": [NIST, "Human-AI Configuration"],
  "2.9": [NIST, "Information Security"],
  "AML.T0048": [ATLAS, "External Harms"],
  "AML.T0051.000": [ATLAS, "LLM Prompt Injection: Direct"],
  "AML.T0051.001": [ATLAS, "LLM Prompt Injection: Indirect"],
  "AML.T0053": [ATLAS, "AI Agent Tool Invocation"],
  "AML.T0054": [ATLAS, "LLM Jailbreak"],
  "AML.T0056": [ATLAS, "Extract LLM System Prompt"],
  "AML.T0057": [ATLAS, "LLM Data Leakage"],
} as const;
export type RiskId = keyof typeof RISKS;

export const toRisk = (id: RiskId): RedTeamRisk => ({ entry: id, list: RISKS[id][0], title: RISKS[id][1] });

/** In the order of the lists. */
export const RISK_IDS = Object.keys(RISKS) as RiskId[];
