import type { LineageGraph, LineageStep, Permission } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { LineageDeps } from "./deps.ts";

/** A step with what most of them have. */
export type Given = Pick<LineageStep, "id" | "kind" | "label"> & Partial<Omit<LineageStep, "id" | "kind" | "label">>;

/** Steps and what leads from one to the next, each once, however often it is come upon. */
export function createGraph() {
  const steps = new Map<string, LineageStep>();
  const links = new Map<string, LineageGraph["links"][number]>();
  let isCut = false;
  return {
    has: (id: string) => steps.has(id),
    add(step: Given): string {
      if (!steps.has(step.id)) steps.set(step.id, { state: "there", note: "", facts: [], target: null, ...step });
      return step.id;
    },
    /** Says `from` `label` `to`; `from` was there first. */
    join(from: string, to: string, label: string): void {
      links.set(`${from} ${to}`, { from, to, label });
    },
    cut(): void {
      isCut = true;
    },
    done: (focus: string): LineageGraph => ({ focus, steps: [...steps.values()], links: [...links.values()], isCut }),
  };
}
export type Graph = ReturnType<typeof createGraph>;

/** A lineage graph that is being built for a caller. */
export type Drawing = LineageDeps & { readonly scope: Scope; readonly graph: Graph };

/** Facts without unknown values. */
export const factsOf = (facts: Readonly<Record<string, string | number | null | undefined>>): LineageStep["facts"] =>
  Object.entries(facts).flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [{ name, value: String(value) }],
  );

/** The object, or undefined if it was deleted. Other failures are thrown. */
export async function ifThere<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** The note of a step that the caller may not read. */
export const HIDDEN = "You do not have permission to read this part of the project.";
export const mayRead = ({ permissions }: Scope, permission: Permission): boolean => permissions.has(permission);
