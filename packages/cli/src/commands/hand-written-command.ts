import type { Command } from "commander";
import type { Io } from "../shared/io.ts";
import type { addComplete } from "./complete.ts";

type Whole = Parameters<typeof addComplete>[2];

/** A command written by hand. It is loaded when it is called, so that the others do not wait for it. */
export type HandWrittenCommand = {
  readonly name: string;
  readonly alias?: string;
  readonly group: "Server" | "Observe" | "Build and data" | "Evaluate" | "Train" | "Command line";
  readonly description: string;
  /** Left out of the help. */
  readonly isHidden?: boolean;
  readonly load: () => Promise<(program: Command, io: Io, whole: Whole) => void>;
};
