/** Requests to the desk's own server, and the failures it tells. */

/** A failure, told in a sentence. `status` is 0 when the server did not answer. */
export class Problem extends Error {
  /** @param {string} detail @param {number} [status] @param {Record<string, any>} [body] @param {number} [wait] */
  constructor(detail, status = 0, body = {}, wait = 0) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.body = body;
    /** Seconds after which the server asks to be tried again; 0 when it doesn't say. */
    this.wait = wait;
  }
}

const SILENT = "The desk's server does not answer. Start it again with: quatrain studio";

/** Return whether a failure is only the page's own decision to stop. @param {unknown} error */
export const stopped = error => error instanceof DOMException && error.name === "AbortError";

/** Return what is to be said of a failure. @param {unknown} error */
export const sentence = error => (error instanceof Error ? error.message : String(error));

/**
 * @param {string} method @param {string} path @param {unknown} body
 * @param {{ signal?: AbortSignal | null, accept?: string, keepalive?: boolean }} options
 */
async function answer(method, path, body, { signal = null, accept = "application/json", keepalive = false }) {
  /** @type {Record<string, string>} */
  const headers = { accept };
  const form = body instanceof FormData;
  if (body != null && !form) headers["content-type"] = "application/json";
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, keepalive, credentials: "same-origin",
      body: body == null ? null : form ? body : JSON.stringify(body),
    });
  } catch (error) {
    throw stopped(error) ? error : new Problem(SILENT);
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  const detail = typeof told.detail === "string" ? told.detail : told.title || `The server answered ${response.status}.`;
  throw new Problem(detail, response.status, told, Number(response.headers.get("retry-after")) || 0);
}

/**
 * Ask the server and return what it answers: an object, or null where there is no content.
 * @param {string} method @param {string} path @param {unknown} [body] an object, or a FormData
 * @param {{ signal?: AbortSignal | null, keepalive?: boolean }} [options]
 * @returns {Promise<any>}
 * @throws {Problem} when the server refuses or does not answer
 */
export async function request(method, path, body = null, options = {}) {
  const response = await answer(method, path, body, options);
  return response.status === 204 ? null : response.json();
}

/**
 * Read server-sent events until they end. POSTs `body`; without one it GETs.
 * @param {string} path @param {unknown} body
 * @param {{ signal?: AbortSignal | null, onevent: (name: string, data: any) => void }} options
 * @throws {Problem} also for an event named `problem`
 */
export async function stream(path, body, { signal = null, onevent }) {
  const response = await answer(body == null ? "GET" : "POST", path, body, { signal, accept: "text/event-stream" });
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) hear(block, onevent);
    }
  } catch (error) {
    throw stopped(error) || error instanceof Problem ? error : new Problem(SILENT);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} block @param {(name: string, data: any) => void} onevent */
function hear(block, onevent) {
  let name = "message", data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data += (data && "\n") + line.slice(5).trimStart();
  }
  if (!data) return;
  const told = JSON.parse(data);
  if (name === "problem") throw new Problem(told.detail || told.title, told.status ?? 500, told);
  onevent(name, told);
}
