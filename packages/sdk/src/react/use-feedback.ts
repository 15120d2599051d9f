import { useCallback, useState } from "react";
import { type PublicFeedback, sendFeedback } from "../feedback/send-feedback.ts";

/** Where feedback goes, and the token that says what it is about. */
export type FeedbackTarget = Pick<PublicFeedback, "baseUrl" | "token">;
/** What became of the last that was sent. */
export type FeedbackState =
  | { readonly kind: "idle" | "sending" | "kept" }
  | { readonly kind: "failed"; readonly message: string };

/** Sends feedback with a token, for custom buttons: `give({ signal: "copied" })`. Returns whether it was stored. */
export function useFeedback({ baseUrl, token }: FeedbackTarget) {
  const [state, setState] = useState<FeedbackState>({ kind: "idle" });
  const give = useCallback(
    async (said: Omit<PublicFeedback, "baseUrl" | "token">): Promise<boolean> => {
      setState({ kind: "sending" });
      try {
        await sendFeedback({ baseUrl, token, ...said });
        setState({ kind: "kept" });
        return true;
      } catch (error) {
        setState({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
        return false;
      }
    },
    [baseUrl, token],
  );
  return { state, give };
}
