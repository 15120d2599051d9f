export { ToQueueButton } from "./to-queue-button.tsx";
