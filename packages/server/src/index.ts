export { loadConfig, Settings } from "./config.ts";
export { serve } from "./serve.ts";
