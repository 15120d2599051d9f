export { injection, injectionThreshold, scoreInjection } from "./injection.ts";
