// The page of an end user: a question, the model's answer, and the feedback widget below it. The page has a token, never a key.
import { FeedbackWidget } from "@treadle/sdk/react";
import { type FormEvent, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

type Answer = { text: string; token: string; treadleUrl: string };

function Page() {
  const [answer, setAnswer] = useState<Answer>();
  const [failure, setFailure] = useState("");
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const question = new FormData(event.currentTarget).get("question");
    const response = await fetch("/ask", { method: "POST", body: JSON.stringify({ question }) });
    if (response.ok) setAnswer(await response.json());
    setFailure(response.ok ? "" : await response.text());
  }
  return (
    <>
      <h1>Ask the assistant</h1>
      <form onSubmit={submit}>
        <label>
          Question <input name="question" required size={30} />
        </label>{" "}
        <button type="submit">Ask</button>
      </form>
      {failure && <p role="alert">{failure}</p>}
      {answer && (
        <>
          <p className="answer">{answer.text}</p>
          <FeedbackWidget key={answer.token} baseUrl={answer.treadleUrl} token={answer.token} asksForCorrection />
        </>
      )}
    </>
  );
}

const place = document.getElementById("page");
if (place)
  createRoot(place).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
