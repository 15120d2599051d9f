import type { Target } from "./target.ts";

/** The name of a model of one connection, for its circuit breaker and for the count of its calls. */
export const circuitOf = (target: Target): string =>
  target.kind === "http" ? `${target.connection.id} ${target.model}` : `local ${target.model}`;

/** The connection's id and the model of a circuit. Local models have the connection `local`. */
export function placeOf(circuit: string): { readonly connectionId: string; readonly model: string } {
  const end = circuit.indexOf(" ");
  return { connectionId: circuit.slice(0, end), model: circuit.slice(end + 1) };
}

type Measured = { readonly endpointId: string; readonly variant: string; readonly isStream: boolean };

/** The name of a measurement. Variants of one model differ in their prompts and parameters, and whole answers take longer than the beginnings of streams. */
export const measureOf = (target: Target, { endpointId, variant, isStream }: Measured): string =>
  `${endpointId} ${variant} ${isStream ? "stream" : "whole"} ${circuitOf(target)}`;
