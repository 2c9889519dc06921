/** Bring texts in: from files, or pasted; each becomes a draft, and what was made of it is told. */
import { request, sentence } from "../api.js";
import { make } from "../dom.js";
import { button, choices, count, dropZone, openDialog, say } from "./parts.js";

const ACCEPT = ".txt,.md,.xml,.tei,.json,.jsonl,.csv,.html,text/plain";

/** Ask for texts. @param {Desk} desk */
export function openImport(desk) {
  const text = make("textarea", { rows: 8, placeholder: "paste verse here", "aria-label": "Verse to import" });
  const take = (/** @type {File[]} */ files) => { dialog.close(); bringIn(desk, files); };
  const dialog = openDialog("Import", [dropZone("Or drop them here: text, Markdown, TEI, JSON, CSV.", ACCEPT, take), text,
    choices(button("Import the text", () => (text.value.trim() ? take([new File([text.value], "pasted.txt")]) : text.focus()), { className: "main" }))]);
}

/** Import files one by one, open the first draft, and tell what became of each. @param {Desk} desk @param {File[]} files */
export async function bringIn(desk, files) {
  const notes = make("ul", { role: "list", className: "notes" });
  let first = "", drafts = 0;
  for (const file of files) {
    const name = make("b", {}, file.name);
    try {
      const [text, note] = await read(file), answer = await request("POST", "/api/import", { name: file.name, text });
      drafts += answer.drafts.length;
      first ||= answer.drafts[0]?.id ?? "";
      notes.append(make("li", {}, name, `: ${count(answer.drafts.length, "draft")}`,
        ...[note, ...answer.notes].map(line => line && make("p", { className: "soft" }, line))));
    } catch (error) {
      notes.append(make("li", { className: "fault" }, name, `: ${sentence(error)}`));
    }
  }
  const said = drafts ? `${count(drafts, "draft")} imported` : "Nothing imported";
  if (first) await desk.draft.open(first).catch(error => notes.append(make("li", { className: "fault" }, sentence(error))));
  say(desk, said);
  openDialog(said, [notes]);
}

/** Return a file's text, and a note if it had to be guessed how it is written. @param {File} file */
async function read(file) {
  const bytes = await file.arrayBuffer();
  try {
    return [new TextDecoder("utf-8", { fatal: true }).decode(bytes), ""];
  } catch {
    return [new TextDecoder("windows-1252").decode(bytes), "It is not UTF-8, so it was read as Windows-1252. Look at its accents and quotation marks."];
  }
}
