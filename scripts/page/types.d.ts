/* What the desk's server sends and takes, and what the page's modules share. For checks only: the
   browser never loads this file. */

interface DraftLine { text: string; locked: boolean; by: string; gap: boolean }
interface DraftSettings {
  temperature: number | null; contrast: number | null; strength: number | null; diction: string | null;
}
interface DraftDocument {
  title: string; form: string; metre: string; muses: string[]; theme: string;
  settings: DraftSettings; lines: DraftLine[];
}
interface SavedDraft {
  id: string; version: number; document: DraftDocument; folder: string; created: string; updated: string;
  trashed: string | null; can_undo: boolean; can_redo: boolean;
}

interface Repair { label: string; text: string }
interface Fault { asked: string; brief: string; message: string; spans: [number, number][]; repairs: Repair[] }
interface SyllableMark { start: number; end: number; stress: "beat" | "weak" | "light" | "extra" }
interface LineCheck {
  number: number; text: string; state: "kept" | "broken" | "empty" | "free"; gap: boolean; indent: number;
  syllables: number; wanted: string; rhyme: string | null; mates: number[]; rhyme_span: [number, number] | null;
  syllable_marks: SyllableMark[]; feet: [number, number][]; faults: Fault[]; breaks_off: boolean; notes: string[];
  guessed: string[]; wish: string;
}
interface LikelyForm { name: string; title: string; why: string }
interface DraftCheck {
  form: string; form_title: string; metre: string; summary: string; kept: boolean; complete: boolean;
  faults: Fault[]; likely_forms: LikelyForm[]; lines: LineCheck[];
}

interface FormRow { name: string; title: string; lines: number | null; rhyme: string; metre: string; description: string }
interface PoetRow {
  name: string; title: string; kind: string; source: string; words: number; description: string;
  usable: boolean; why: string;
}
interface Alternative { text: string; by: string; differs: string }

interface PanelWord { word: string; stress: string; fits: boolean | null; why: string; used_in: number[] }
interface WordGroup { name: string; kind: string; words: PanelWord[] }
interface WordSense { part_of_speech: string; definition: string; labels: string[] }
interface WordPanelAnswer {
  word: string; ipa: string; said: string; frequency: string; senses: WordSense[]; place: string; groups: WordGroup[];
}

/** `key` is a letter; Alt, Shift and the letter run the tool. */
interface Tool {
  label: string; key?: string; bar?: boolean; button?: HTMLButtonElement; run(button: HTMLButtonElement): void;
}

/** What `startPanels` is given. */
interface Desk {
  draft: import("../../src/quatrain/studio/static/draft.js").Draft;
  /** The rows of the poem on the page, first to last. */
  rows(): { number: number; text: string; field: HTMLTextAreaElement; element: HTMLElement; mirror: HTMLElement }[];
  /** Put the caret into a line (1 is the first). */
  focusLine(number: number): void;
  /** Say a sentence to screen readers. */
  announce(text: string): void;
  /** Show a sentence in the footer until the next one; a fault stays until it is mended. */
  tell(text: string, options?: { fault?: boolean }): void;
  /** Add a tool to the menu "More", or with `bar` to the bar itself. `key` is shown in the list of keys. */
  addTool(tool: Tool): HTMLButtonElement;
  /** Mark a stretch of a line, as a word that is read aloud; null ends it. Offsets are UTF-16 units. */
  mark(number: number, span: [number, number] | null): void;
  /** The last check of the whole poem; null before the first. */
  check(): DraftCheck | null;
  forms(): Promise<FormRow[]>;
  /** The poets; asks the server again after `refresh`. */
  poets(refresh?: boolean): Promise<PoetRow[]>;
}
