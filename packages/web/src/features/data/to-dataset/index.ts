export { ChooseDataset } from "./choose-dataset.tsx";
export { expectedText, inputText, sourceWords } from "./item-text.ts";
export { ToDatasetDialog } from "./to-dataset-dialog.tsx";
