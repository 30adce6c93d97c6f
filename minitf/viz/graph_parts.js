// Parts of GraphViewer that know nothing of a page's state: unfolding frames, judging predictions,
// building elements, painting heat maps. Sent to the browser together with graph_viewer.js.

const POSITIVE = [27, 120, 55], NEGATIVE = [118, 42, 131], ZERO = [247, 247, 247];
const NOT_FINITE = [240, 228, 66];

// ---- pure functions (tests call them) -------------------------------------------------------

export function unfold(steps) {
  let values = {}, adjoints = {}, addends = {};
  return steps.map((step) => {
    values = { ...values, ...step.values };
    adjoints = { ...adjoints, ...step.adjoints };
    addends = { ...addends, ...step.addends };
    return { ...step, values, adjoints, addends };
  });
}

export function parseNumber(text) {
  const plain = text.trim().toLowerCase().replace(/[−–]/g, "-").replace(",", ".");
  if (/^[+-]?inf(inity)?$/.test(plain)) return plain[0] === "-" ? -Infinity : Infinity;
  const [top, bottom] = plain.split("/");
  const number = bottom === undefined ? Number(top) : Number(top) / Number(bottom);
  return plain === "" || (Number.isNaN(number) && plain !== "nan") ? null : number;
}

export function isRight(question, text) {
  if (question.kind === "shape") {
    return (text.match(/\d+/g) || []).map(Number).join() === question.answer.join();
  }
  const given = parseNumber(text), right = toNumber(question.answer);
  if (given === null) return false;
  if (!Number.isFinite(right)) return Object.is(given, right);
  return Math.abs(given - right) <= 0.005 * Math.abs(right) + 1e-6;
}

export function sumText(addends, uses, total) {
  const signed = addends.map((x) => (x.startsWith("-") ? `(${x})` : x));
  if (uses > 4 || signed.some((x) => x.includes(","))) return `Σ ${addends.length} of ${uses}`;
  const missing = Math.max(0, uses - addends.length);
  const sum = [...signed, ...Array(missing).fill("?")].join(" + ");
  return missing ? `Σ ${sum}` : `Σ ${sum} = ${total}`;
}

function toNumber(x) {
  return x === "inf" ? Infinity : x === "-inf" ? -Infinity : Number(x);
}

// ---- small builders ---------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (element.matches("button, input, select, [tabindex]")) {
    // JupyterLab takes arrow keys and letters for itself unless each element says so
    element.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  element.append(...children);
  return element;
}

function button(label, shown, action) {
  const b = make("button", { type: "button", "aria-label": label, title: label });
  if (shown.startsWith("M")) {
    b.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${shown}"/></svg>`;
  } else b.textContent = shown;
  b.addEventListener("click", action);
  return b;
}

const ICON = {
  first: "M3 3h2v10H3zM13 3v10L6 8z", back: "M11 3v10L4 8z", play: "M4 3v10l9-5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z", next: "M5 3v10l7-5z", last: "M11 3h2v10h-2zM3 3v10l7-5z",
};

// The colour of one cell, and whether letters on it must be white.
function shade(x, most) {
  if (typeof x === "string") return { rgb: NOT_FINITE, white: false };
  const far = Math.abs(x) / most, end = x > 0 ? POSITIVE : NEGATIVE;
  const rgb = ZERO.map((z, i) => Math.round(z + far * (end[i] - z)));
  const [r, g, b] = rgb.map((c) => (c / 255) ** 2.2);
  return { rgb, white: 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 }; // contrast 4.5 either way
}

const largest = (summary) => Math.max(Math.abs(summary.low ?? 0), Math.abs(summary.high ?? 0)) || 1;

function heat(summary) {
  const rows = summary.cells.length, columns = summary.cells[0]?.length ?? 0;
  const canvas = make("canvas", { width: Math.max(columns, 1), height: Math.max(rows, 1) });
  const pixels = canvas.getContext("2d");
  summary.cells.forEach((row, r) => row.forEach((x, c) => {
    pixels.fillStyle = `rgb(${shade(x, largest(summary)).rgb.join()})`;
    pixels.fillRect(c, r, 1, 1);
  }));
  return canvas;
}

// A small array with its numbers, as a real table.
function heatTable(summary) {
  const cell = (x) => {
    const { rgb, white } = shade(x, largest(summary));
    return make("td", { style: `background: rgb(${rgb.join()}); color: ${white ? "#fff" : "#000"}` }, brief(x));
  };
  return make("table", { class: "mtf-cells" }, ...summary.cells.map((row) => make("tr", {}, ...row.map(cell))));
}

function tableOf(caption, head, rows) {
  const cells = (tag, row) => row.map((x, i) => tag === "td" && i === 0
    ? make("th", { scope: "row" }, x) : make(tag, tag === "th" ? { scope: "col" } : {}, x));
  return make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...cells("th", head))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells("td", row)))));
}

const brief = (x) => (x === null ? "–" : typeof x === "string" ? x : String(+x.toPrecision(3)));
const shapeText = (shape) => (shape.length === 0 ? "scalar" : shape.length === 1 ? `(${shape},)` : `(${shape.join(", ")})`);

// At most `most` parts: the first ones, an ellipsis, the last three.
const abridged = (parts, most) => (parts.length <= most ? parts : [...parts.slice(0, most - 4), "…", ...parts.slice(-3)]);
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
