import { useNavigate } from "@tanstack/react-router";
import { playgroundHash } from "../../playground/index.ts";
import { requestOf } from "./prompt-code.ts";

type Filled = Parameters<typeof requestOf>[0];

/** Goes to the playground with a prompt as a request. */
export function useOpenPlayground() {
  const navigate = useNavigate();
  return (filled: Filled) => void navigate({ to: "/playground", hash: playgroundHash(requestOf(filled)) });
}
