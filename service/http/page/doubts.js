// Why a sentence is marked, in words for a reader who knows no German.

const QUOTE = (text) => `“${text.length > 80 ? text.slice(0, 79) + "…" : text}”`;

const KINDS = {
  number: "The number",
  date: "The date",
  unit: "The unit",
  money: "The amount",
  name: "The name",
  term: "The term",
};

const CAUSES = {
  added: (what) => `${what} is not in the German text.`,
  missing: (what) => `${what} stands in the German text, but not here.`,
  changed: (what) => `${what} differs from the German text.`,
  swapped: (what) => `${what} seems to belong to something else in the German text.`,
  elsewhere: (what) => `${what} is in the article, but not where this sentence comes from.`,
  opposite: (what) => `${what} may say the opposite of the German text.`,
  lost_hedge: (what) =>
    `In the German text this is only said, planned, tried or refused (${what}); here it reads as a fact.`,
  lost_denial: () => "The German text denies this; the denial is missing here.",
  added_denial: () => "This sentence denies something that the German text does not deny.",
  repeated: () => "The machine repeats itself here.",
  duplicate: () => "Another German sentence was given the same English.",
  copied: () => "The German was copied instead of translated.",
  copied_prompt: () => "The machine wrote its instructions instead of a translation.",
  wrong_language: () => "This is not in the language that was asked for.",
  untranslated: (what) => `${what} was left in German.`,
  markup: () => "There are signs here that are no text.",
  breaks_off: () => "The sentence breaks off.",
  no_end: () => "The machine did not finish this sentence.",
  empty: () => "The machine wrote nothing here.",
  too_long: () => "This is much longer than the German, so something may have been added.",
  too_short: () => "This is much shorter than the German, so something may be missing.",
};

/** A flag of the report as a sentence. */
export function flagWords(flag) {
  const kind = KINDS[flag.kind];
  const what = kind ? `${kind} ${QUOTE(flag.text)}` : QUOTE(flag.text);
  const words = CAUSES[flag.cause];
  return words ? words(what) : `${what}: ${flag.detail}.`;
}

/** All that speaks against a sentence of the summary, as sentences; none if nothing does. */
export function doubtsAbout(sentence) {
  const doubts = sentence.flags.map(flagWords);
  if (sentence.evidence.length === 0) {
    doubts.push("No sentence of the article was found that says this.");
  }
  if (sentence.confidence !== undefined && sentence.confidence < UNSURE_BELOW) {
    doubts.push(`The machine is unsure of this sentence: ${Math.round(100 * sentence.confidence)} of 100.`);
  }
  return [...new Set(doubts)];
}

const UNSURE_BELOW = 0.5;

const REASONS = {
  furniture: "not part of the article, such as a menu, a notice or a by-line",
  "no letters": "holds no letters",
};

/** Why a stretch of the article was left out. */
export function reasonWords(reason) {
  return REASONS[reason] ?? reason;
}
