import type { AnnotationQuestion } from "@treadle/contract";
import { useState } from "react";
import { type QuestionDraft, readQuestion } from "./question-draft.ts";

/** The edited questions, with errors after an attempt to save. */
export function useQuestionDrafts(initial: () => readonly QuestionDraft[]) {
  const [drafts, setDrafts] = useState(initial);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  return {
    drafts,
    problems,
    set(next: readonly QuestionDraft[]) {
      setDrafts(next);
      setProblems({});
    },
    /** The questions as an API request; undefined if there are errors, which are then shown. */
    read(): AnnotationQuestion[] | undefined {
      const questions: AnnotationQuestion[] = [];
      const wrong: Record<string, string> = {};
      for (const draft of drafts) {
        const keys = questions.map(({ key }) => key);
        const read = readQuestion(draft, keys);
        if ("problem" in read) wrong[draft.id] = read.problem;
        else if (keys.includes(read.question.key))
          wrong[draft.id] = `Another question has the key ${read.question.key}.`;
        else questions.push(read.question);
      }
      setProblems(wrong);
      return Object.keys(wrong).length === 0 ? questions : undefined;
    },
  };
}
