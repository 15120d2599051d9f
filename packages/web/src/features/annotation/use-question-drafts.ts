import type { AnnotationQuestion } from "@treadle/contract";
import { useState } from "react";
import { type QuestionDraft, readQuestion } from "./question-draft.ts";

/** Questions as they are written, and what is wrong with them once somebody tried to send them. */
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
    /** The questions as the API takes them; undefined where something is wrong, which is then told. */
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
