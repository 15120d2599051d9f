export type SandboxRequest = {
  /** TypeScript or JavaScript that declares a function of the name `entry`. */
  readonly code: string;
  readonly entry: string;
  /** JSON: what the function is called with. */
  readonly input: unknown;
  readonly limits: { readonly timeMs: number; readonly memoryMb: number };
};

export const SANDBOX_FAILURES = ["syntax", "thrown", "too-slow", "too-much-memory", "died", "unreadable"] as const;
export type SandboxFailure = (typeof SANDBOX_FAILURES)[number];

/** The function's result as JSON, or the reason for a missing one. User code never throws at its caller. */
export type SandboxOutcome =
  | { readonly kind: "value"; readonly value: unknown; readonly logs: readonly string[] }
  | { readonly kind: SandboxFailure; readonly message: string };

/** Runs code of strangers in a process without network, files, environment or secrets, with little memory and little time. */
export type Sandbox = {
  /** Throws only when `signal` is aborted. */
  run(request: SandboxRequest, signal: AbortSignal): Promise<SandboxOutcome>;
  /** Whether such code can be read at all. Runs nothing of it. Gives what is wrong with it, or null. */
  check(request: Pick<SandboxRequest, "code" | "entry">): string | null;
  close(): Promise<void>;
};
