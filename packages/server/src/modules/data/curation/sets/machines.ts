import { createContaminationMachine } from "./contamination-machine.ts";
import { createMapMachine } from "./map-machine.ts";
import { createNearMachine } from "./near-machine.ts";
import { createSemanticMachine } from "./semantic-machine.ts";
import { createSpreadMachine } from "./spread-machine.ts";

/** The machines that can run in a separate thread. Each is created from parameters, and then called. */
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
