import { createContaminationMachine } from "./contamination-machine.ts";
import { createMapMachine } from "./map-machine.ts";
import { createNearMachine } from "./near-machine.ts";
import { createSemanticMachine } from "./semantic-machine.ts";
import { createSpreadMachine } from "./spread-machine.ts";

/** What can be run in a thread of its own: each is made from parameters, and then called. */
export const MACHINES = {
  near: createNearMachine,
  semantic: createSemanticMachine,
  spread: createSpreadMachine,
  contamination: createContaminationMachine,
  map: createMapMachine,
} as const;

type MachineName = keyof typeof MACHINES;
/** The parameters of each machine, and its methods. */
export type MachineParams = { [Name in MachineName]: Parameters<(typeof MACHINES)[Name]>[0] };
export type Machines = { [Name in MachineName]: ReturnType<(typeof MACHINES)[Name]> };
