// A report as a piece of newspaper: the summary, the German beside it, and the links between their sentences.
// Nothing here asks the service for anything, so that a saved report can be shown with the same code.

import { doubtsAbout, reasonWords } from "./doubts.js";

/** An element with a class, attributes and children; strings become text and never mark-up. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Fill `place` with the report. */
export function renderReport(place, report) {
  const links = linksOf(report.summary.sentences);
  const note = element("div", { class: "note", "aria-live": "polite" });
  place.replaceChildren(
    element(
      "article",
      { class: "summary", "aria-labelledby": "headline" },
      ...headlines(report),
      summaryText(report, links),
      note,
      element("p", { class: "hint" }, "Choose a sentence to see the German that it rests on."),
      doubtList(report.summary.sentences),
      ...report.warnings.map((warning) => element("p", { class: "warning" }, warning)),
      element("p", { class: "made" }, receiptWords(report)),
    ),
    element(
      "section",
      { class: "source", "aria-labelledby": "source-heading" },
      element("h2", { id: "source-heading" }, "The German article"),
      element("div", { class: "german", lang: "de" }, ...germanText(report, links)),
    ),
  );
  connect(place, note, report);
}

/** Which sentences of the summary rest on each sentence of the article. */
function linksOf(sentences) {
  const links = new Map();
  sentences.forEach((sentence, number) => {
    for (const { sentence: source } of sentence.evidence) {
      links.set(source, [...(links.get(source) ?? []), number]);
    }
  });
  return links;
}

function headlines(report) {
  const first = report.translation?.sentences[0];
  // A first sentence without a full stop is the article's own headline.
  const own = first && !/[.!?…:]["”“»]?$/.test(first.source) && first.target.length <= 120 ? first.target : null;
  const title = report.title ?? own;
  return [
    element("p", { class: "kicker" }, "In short"),
    element("h1", { id: "headline", class: title ? "" : "plain" }, title ?? "What the article says"),
  ];
}

function summaryText(report) {
  const parts = report.summary.sentences.map((sentence, number) => {
    const doubts = doubtsAbout(sentence);
    const marked = doubts.length > 0;
    return element(
      "span",
      {
        class: marked ? "sentence doubted" : "sentence",
        role: "button",
        tabindex: "0",
        "aria-pressed": "false",
        "data-summary": number,
        "data-sources": sentence.evidence.map((e) => e.sentence).join(" "),
      },
      sentence.text,
      marked ? element("sup", { class: "mark" }, element("span", { class: "unseen" }, " doubtful "), "†") : null,
    );
  });
  if (report.style === "bullets") {
    return element("ul", { class: "text points" }, ...parts.map((part) => element("li", {}, part)));
  }
  return element("p", { class: "text" }, ...parts.flatMap((part) => [part, " "]));
}

function doubtList(sentences) {
  const items = sentences.flatMap((sentence, number) =>
    doubtsAbout(sentence).map((doubt) =>
      element(
        "li",
        {},
        element("a", { href: "#", "data-goto": number }, shortened(sentence.text)),
        element("span", { class: "why" }, doubt),
      ),
    ),
  );
  if (items.length === 0) {
    return element("p", { class: "clear" }, "The checks of numbers, names and claims found nothing to doubt.");
  }
  return element(
    "section",
    { class: "doubts", "aria-labelledby": "doubts-heading" },
    element("h2", { id: "doubts-heading" }, "† To be doubted"),
    element("ul", {}, ...items),
  );
}

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 60).replace(/\s+\S*$/, "")} …` : text;
}

/** The article in its paragraphs, with what was left out where it stood. */
function germanText(report, links) {
  // Offsets count characters as Python does: one each, also those that take two places in a JavaScript string.
  const characters = Array.from(report.text);
  const sentences = report.translation.sentences.map((sentence, number) => ({ ...sentence, number }));
  const pieces = [...sentences, ...report.coverage.dropped].sort((a, b) => a.start - b.start);
  const blocks = [];
  let paragraph = null;
  for (const piece of pieces) {
    if (piece.reason !== undefined) {
      const text = characters.slice(piece.start, piece.end).join("").trim();
      blocks.push(leftOut(text, piece.reason));
      paragraph = null;
      continue;
    }
    if (paragraph === null || paragraph.number !== piece.paragraph) {
      paragraph = { number: piece.paragraph, element: element("p") };
      blocks.push(paragraph.element);
    }
    paragraph.element.append(germanSentence(piece, links.get(piece.number) ?? []), " ");
  }
  return blocks;
}

function germanSentence(piece, summaries) {
  const linked = summaries.length > 0;
  return element(
    "span",
    {
      class: linked ? "sentence linked" : "sentence",
      role: linked ? "button" : null,
      tabindex: linked ? "0" : null,
      "aria-pressed": linked ? "false" : null,
      "data-source": piece.number,
      "data-summaries": summaries.join(" "),
    },
    piece.source,
  );
}

function leftOut(text, reason) {
  return element(
    "p",
    { class: "left-out" },
    element("span", { class: "label", lang: "en" }, `Left out: ${reasonWords(reason)}`),
    element("s", {}, text),
  );
}

function receiptWords(report) {
  const { translated, kept } = report.coverage;
  const parts = [`${translated} German sentences translated`];
  if (kept > 0) {
    parts.push(`${kept} kept as they stand`);
  }
  const seconds = Math.max(1, Math.round(report.seconds.total));
  return `${parts.join(", ")} in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}.`;
}

/** Highlight what belongs together: for a moment under the pointer and the focus, to stay by click, tap or key. */
function connect(place, note, report) {
  const all = [...place.querySelectorAll("[data-summary], [data-source]")];
  const summaries = all.filter((one) => one.dataset.summary !== undefined);
  const sources = all.filter((one) => one.dataset.source !== undefined);
  let pinned = null;

  const partners = (one) =>
    one.dataset.summary !== undefined
      ? sources.filter((s) => one.dataset.sources.split(" ").includes(s.dataset.source))
      : summaries.filter((s) => one.dataset.summaries.split(" ").includes(s.dataset.summary));

  const show = (one) => {
    for (const other of all) {
      other.classList.remove("lit");
    }
    for (const lit of one ? [one, ...partners(one)] : []) {
      lit.classList.add("lit");
    }
  };

  const pin = (one) => {
    pinned?.setAttribute("aria-pressed", "false");
    pinned = one === pinned ? null : one;
    pinned?.setAttribute("aria-pressed", "true");
    show(pinned);
    note.replaceChildren(...(pinned ? noteOn(pinned, partners(pinned), report) : []));
    const columns = getComputedStyle(place).gridTemplateColumns.split(" ").length > 1;
    if (pinned && columns) {
      partners(pinned)[0]?.scrollIntoView({ block: "nearest" });
    }
  };

  for (const one of all.filter((candidate) => candidate.tabIndex === 0)) {
    one.addEventListener("mouseenter", () => show(one));
    one.addEventListener("mouseleave", () => show(pinned));
    one.addEventListener("focus", () => show(one));
    one.addEventListener("blur", () => show(pinned));
    one.addEventListener("click", () => pin(one));
    one.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        pin(one);
      }
    });
  }
  for (const link of place.querySelectorAll("[data-goto]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = summaries[Number(link.dataset.goto)];
      if (target !== pinned) {
        pin(target);
      }
      target.focus();
    });
  }
}

/** What a chosen sentence rests on, and why to doubt it. */
function noteOn(chosen, partners, report) {
  const german = chosen.dataset.source !== undefined ? [chosen] : partners;
  const doubts =
    chosen.dataset.summary !== undefined ? doubtsAbout(report.summary.sentences[Number(chosen.dataset.summary)]) : [];
  const quotes = german.map((one) => {
    const pair = report.translation.sentences[Number(one.dataset.source)];
    return element(
      "blockquote",
      {},
      element("p", { lang: "de" }, pair.source),
      pair.target !== pair.source ? element("p", { class: "english" }, pair.target) : null,
    );
  });
  return [
    element("h2", {}, quotes.length > 0 ? "Rests on" : "Without a source"),
    ...quotes,
    ...doubts.map((doubt) => element("p", { class: "why" }, `† ${doubt}`)),
  ];
}
