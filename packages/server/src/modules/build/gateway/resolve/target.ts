import type { FailureClass, Variant } from "@treadle/contract";
import type { ResolvedConnection } from "../../connections/index.ts";
import type { Provider } from "../providers/provider.ts";
import type { Units } from "./assign-variant.ts";
import type { RequestFacts } from "./routing/request-facts.ts";

/** A model that can answer. `name` is its name in the header `x-treadle-model`, `model` its name at the provider or in the engine. */
export type Target =
  | {
      readonly kind: "http";
      readonly name: string;
      readonly model: string;
      readonly connection: ResolvedConnection;
      readonly provider: Provider;
    }
  | { readonly kind: "local"; readonly name: string; readonly model: string };
export type HttpTarget = Extract<Target, { kind: "http" }>;
export type LocalTarget = Extract<Target, { kind: "local" }>;

/** A target in its place in a plan. */
export type PlannedTarget = Target & {
  /** The variant that it is; null for a fallback, or without an endpoint. */
  readonly variant: Variant | null;
  /** It is tried only after a failure of one of these classes; null for any. */
  readonly on: readonly FailureClass[] | null;
};

/** The wishes of a caller, and what keeps its variant. */
export type PlanCaller = {
  readonly fallbacks: readonly string[];
  /** The variant that the caller wants; empty for none. */
  readonly variant: string;
  readonly units: Units;
  readonly request: RequestFacts;
};

/** Finds the target of a model's name in a project. */
export type FindTarget = (name: string) => Promise<Target | undefined>;
