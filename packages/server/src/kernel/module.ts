import type { Mounted } from "./call.ts";

/** A module as the composition root sees it: what higher modules call, and what the server does with it. */
export type Module<Api> = {
  readonly api: Api;
  /** The handlers of its endpoints. */
  readonly routes: readonly Mounted[];
  /** Begins what needs the whole server. Called once, after every module is open. */
  start?(): Promise<void> | void;
  /** The server stops: requests that only wait end immediately, before the rest are answered. */
  stopWaiting?(): void;
  /** Ends what the module runs. Modules close in the reverse order of opening. */
  close?(): Promise<void> | void;
};
