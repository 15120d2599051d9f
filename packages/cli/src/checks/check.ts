import type { Client } from "@treadle/sdk";

/** What a check may look at. */
export type Surroundings = {
  /** The data folder that a server started here would use. */
  readonly dataFolder: string;
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly client: Client;
};

/** `ok`, `warning` (it runs, with something missing) or `failed` (it cannot run). A remedy is a thing to do. */
export type Finding = {
  readonly state: "ok" | "warning" | "failed";
  readonly message: string;
  readonly remedy?: string;
};

/** One thing that `treadle doctor` looks at. It gives a finding for whatever it finds and does not throw for what is wrong. */
export type Check = {
  readonly name: string;
  readonly run: (around: Surroundings) => Promise<Finding | readonly Finding[]>;
};

export const ok = (message: string): Finding => ({ state: "ok", message });
export const warning = (message: string, remedy: string): Finding => ({ state: "warning", message, remedy });
export const failed = (message: string, remedy: string): Finding => ({ state: "failed", message, remedy });
