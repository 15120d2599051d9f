import type { Module } from "../../../kernel/module.ts";
import { type Audit, type AuditDeps, createAudit } from "./service.ts";

export function openAudit(deps: AuditDeps): Module<Audit> {
  const api = createAudit(deps);
  return { api, routes: [] };
}
