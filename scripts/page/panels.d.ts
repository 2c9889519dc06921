/* What the panels read of the API. For checks only: the browser never loads this file. */

interface DraftSummary {
  id: string; title: string; folder: string; form: string; lines: number; first_line: string;
  updated: string; version: number; trashed: string | null;
}

interface Version { id: string; name: string; created: string }

/** A row of a comparison: `change` is "same", "changed", "added" or "removed". */
interface CompareRow { change: string; before: string | null; after: string | null }

interface Training {
  id: string; name: string; progress: number; time_left_s: number | null; message: string; resumable: boolean;
  state: "waiting" | "running" | "paused" | "done" | "stopped" | "failed";
  curve: { step: number; training: number; validation: number }[];
  samples: { step: number; text: string }[];
}

interface Passage { text: string; file: string; line: number }

interface CorpusReport {
  files: number; poems: number; lines: number; words: number; characters: number;
  reading: { what: string; count: number }[]; changes: { what: string; count: number }[];
  left_out: { what: string; count: number; examples: Passage[] }[];
  doubts: ({ what: string } & Passage)[]; not_read: string[]; advice: string[];
}

interface Corpus { id: string; name: string; report: CorpusReport }
