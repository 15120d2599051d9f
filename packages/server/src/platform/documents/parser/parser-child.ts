// The process that reads documents. It has no network, no environment, and may only read the program's own files.
import { READERS } from "../formats/readers.ts";
import { answerDocuments } from "./answer-documents.ts";

answerDocuments(READERS);
