import {
  Binary,
  Bot,
  Braces,
  Circle,
  ClipboardCheck,
  Link2,
  ListOrdered,
  type LucideIcon,
  Search,
  ShieldCheck,
  Sparkles,
  Wrench,
} from "lucide-react";
import type { Kind } from "../model/span-columns.ts";

const ICONS = {
  generation: Sparkles,
  embedding: Binary,
  retrieval: Search,
  rerank: ListOrdered,
  tool: Wrench,
  agent: Bot,
  chain: Link2,
  guardrail: ShieldCheck,
  evaluator: ClipboardCheck,
  span: Circle,
} as const satisfies Record<Kind, LucideIcon>;

/** The icon of a span kind, always next to its name. */
export function KindIcon({ kind, size = 14 }: { kind: Kind; size?: number }) {
  const Icon = ICONS[kind] ?? Braces;
  return <Icon aria-hidden size={size} className="shrink-0 text-muted" />;
}
