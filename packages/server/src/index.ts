export { loadConfig, Settings, straySettings } from "./config.ts";
export { runUntilStopped } from "./run-until-stopped.ts";
export { createSay } from "./say.ts";
export { serve } from "./serve.ts";
