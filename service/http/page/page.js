// The page's form: it sends the article, follows the work, and shows the report or what went wrong.

import { element, renderReport } from "./report.js";

const STAGES = {
  read: () => "Reading the article …",
  translate: (done, total) => `Translating: ${done} of ${total} sentences`,
  summarize: (done, total) => (total > 1 ? `Summarising: part ${done} of ${total}` : "Summarising …"),
  check: () => "Checking the summary against the article …",
};

const form = document.getElementById("request");
const place = document.getElementById("report");
const again = document.querySelector(".again");
const progress = document.getElementById("progress");
const step = document.getElementById("step");
const bar = document.getElementById("bar");
const error = document.getElementById("error");
let running = null;

/** The events of a text/event-stream answer as [name, data]. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
      );
      if (fields.event) {
        yield [fields.event, JSON.parse(fields.data)];
      }
    }
  }
}

/** Send the article; `onProgress` gets each step. Returns the report; throws an Error with words for the reader. */
async function summarise(request, signal, onProgress) {
  const response = await fetch("v1/summaries", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ ...request, include: ["translation", "text"] }),
    signal,
  });
  if (!response.ok) {
    throw new Error(await problemWords(response));
  }
  for await (const [name, data] of events(response)) {
    if (name === "progress") {
      onProgress(data);
    } else if (name === "report") {
      return data;
    } else if (name === "problem") {
      throw new Error(data.detail);
    }
  }
  throw new Error("The answer broke off before its end. Try again.");
}

async function problemWords(response) {
  try {
    const problem = await response.json();
    return problem.detail;
  } catch {
    return `The service answered with status ${response.status}.`;
  }
}

function show(state) {
  form.hidden = state === "running" || state === "done";
  progress.hidden = state !== "running";
  place.hidden = state !== "done";
  again.hidden = state !== "done";
  if (state !== "error") {
    error.hidden = true;
  }
}

/** Words for the time left, from the share that is done; none before there is something to go by. */
function timeLeft(start, done, total) {
  const spent = (performance.now() - start) / 1000;
  if (done === 0 || spent < 3) {
    return "";
  }
  const left = (spent * (total - done)) / done;
  return left < 90 ? `, about ${Math.ceil(left / 5) * 5} s left` : `, about ${Math.ceil(left / 60)} min left`;
}

function follow() {
  let stage = null;
  let start = 0;
  return (data) => {
    if (data.stage !== stage) {
      stage = data.stage;
      start = performance.now();
    }
    const words = STAGES[stage]?.(data.done, data.total) ?? stage;
    step.textContent = words + timeLeft(start, data.done, data.total);
    bar.max = data.total || 1;
    bar.value = data.done;
  };
}

async function run() {
  const choices = new FormData(form);
  running = new AbortController();
  step.textContent = "Waiting for the service …";
  bar.removeAttribute("value");
  show("running");
  document.getElementById("stop").focus();
  try {
    const text = document.getElementById("text").value;
    const request = { text, length: choices.get("length"), style: choices.get("style") };
    renderReport(place, await summarise(request, running.signal, follow()));
    show("done");
    place.focus();
    scrollTo(0, 0);
  } catch (reason) {
    show("error");
    if (reason.name === "AbortError") {
      document.getElementById("text").focus();
    } else {
      const unreachable = reason instanceof TypeError;
      error.textContent = unreachable ? "The service cannot be reached. Is it still running?" : reason.message;
      error.hidden = false;
      error.focus();
    }
  } finally {
    running = null;
  }
}

async function offerExamples() {
  const response = await fetch("page/examples");
  const examples = response.ok ? await response.json() : [];
  const section = document.getElementById("examples");
  section.querySelector("ul").append(
    ...examples.map(({ title, text }) => {
      const button = element("button", { type: "button", lang: "de" }, title);
      button.addEventListener("click", () => {
        document.getElementById("text").value = text;
        run();
      });
      return element("li", {}, button);
    }),
  );
  section.hidden = examples.length === 0;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (running === null) {
    run();
  }
});
document.getElementById("stop").addEventListener("click", () => running?.abort());
document.getElementById("again").addEventListener("click", () => {
  show("asking");
  document.getElementById("text").select();
  document.getElementById("text").focus();
});
offerExamples().catch(() => {});
