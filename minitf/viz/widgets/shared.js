// What all widgets of the course share in the browser. base.py is the Python half; README.md in
// this folder lists what is here and shows a whole widget. The browser gets this file, then the
// parts a widget asks for, then the widget's own file, as one module: names must not repeat.

// ---- a widget's frame -------------------------------------------------------------------------

// Title, problem line, controls, narration, body, prediction gate, table, legend: always in this
// order, so that all widgets read alike. `body` is the widget's own.
function openFrame({ model, el }, { title, help = "" }) {
  const name = model.get("_anywidget_id").split(".").at(-2);
  const part = (tag, attributes, ...children) => make(tag, attributes, ...children);
  const phase = part("span", { class: "mtf-phase", hidden: "" });
  const waiting = part("span", { class: "mtf-waiting", role: "status" });
  const problem = part("p", { class: "mtf-problem", role: "status", hidden: "" });
  const controls = part("div", { class: "mtf-bar-row", role: "group", "aria-label": "Controls" });
  const sentence = part("p", { class: "mtf-sentence", "aria-live": "polite" });
  const body = part("div", { class: "mtf-body" });
  const table = part("div", { class: "mtf-table", hidden: "", tabindex: "-1" });
  const legend = part("p", { class: "mtf-legend", hidden: "" });
  const root = part("div", { class: `mtf-widget mtf-${name.replaceAll("_", "-")}`, role: "group", "aria-label": title });
  root.dataset.widget = name;
  const closing = [];
  let tableOf = () => [];

  const frame = {
    model, root, body, table, controls,
    // key -> function; not called while a control that uses the key itself has the focus
    keys: { t: () => frame.showTable(table.hidden) },
    say(text) { if (sentence.textContent !== text) sentence.textContent = text; },
    phase(text, key = text) { phase.textContent = text; phase.hidden = !text; root.dataset.phase = key; },
    problem(text) { problem.textContent = text; problem.hidden = !text; },
    legend(...entries) { legend.replaceChildren(...entries.map(([mark, text]) => make("span", {}, make("i", { class: `k-${mark}` }), text))); legend.hidden = false; },
    addControls(...parts) { tableButton.before(...parts); },
    // maker: returns tables (see tableFrom) that hold everything the picture shows
    setTable(maker) { tableOf = maker; frame.refreshTable(); },
    refreshTable() { if (!table.hidden) table.replaceChildren(...[tableOf()].flat()); },
    showTable(on) { table.hidden = !on; tableButton.setAttribute("aria-pressed", on); frame.refreshTable(); },
    onData(action) { model.on("change:_data", action); closing.push(() => model.off("change:_data", action)); },
    onClose(action) { closing.push(action); },
    close() { for (const action of closing) action(); },
  };
  const tableButton = button("Table (T)", "Table", () => frame.showTable(table.hidden));
  tableButton.setAttribute("aria-pressed", "false");
  controls.append(tableButton);
  const gate = openGate(frame);
  frame.predict = gate.predict;
  frame.closeGate = gate.close;
  frame.isSettled = gate.isSettled;
  frame.request = requests(frame, waiting);

  root.append(part("div", { class: "mtf-head" }, part("strong", {}, title), phase, waiting), problem,
    controls, sentence, body, gate.element, table, legend);
  if (help) sentence.textContent = help;
  root.addEventListener("keydown", (event) => onKey(event, frame.keys));
  const tell = () => frame.problem(model.get("_problem"));
  model.on("change:_problem", tell);
  frame.onClose(() => model.off("change:_problem", tell));
  tell();
  el.replaceChildren(root);
  return frame;
}

function onKey(event, keys) {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
  event.stopPropagation(); // or JupyterLab moves between cells
  if (event.defaultPrevented || usesItself(event.target, event.key)) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(event); }
}

const MOVING = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

function usesItself(control, key) {
  if (control.matches("input[type=text], input[type=number], textarea")) return key !== "Escape";
  if (control.matches("button, summary")) return key === " " || key === "Enter";
  if (control.matches("[data-steps]")) return false; // the slider of a stepper
  if (control.matches("select, input")) return MOVING.includes(key) || key === " " || key === "Enter";
  return false;
}

// ---- asking the kernel ------------------------------------------------------------------------

// frame.request(kind, data, onReply, {every}): calls answer_<kind>(data) of the Python class. While
// one request of a kind is under way only the newest next one is kept, so dragging never piles up.
// A reply that a newer request has made stale is dropped; with {every: true} it is shown, in order.
function requests(frame, waiting) {
  const { model, root } = frame, lanes = {};
  let seq = 0, failed = null;

  function send(lane, { kind, data, onReply, every }) {
    lane.under = { seq: ++seq, onReply, every, sent: performance.now() };
    lane.timer = setTimeout(() => { waiting.textContent = "waiting for the kernel"; }, 1000);
    try { model.send({ seq, kind, data }); } catch { stopped(lane); }
  }

  // Restarted or shut down: nobody will answer. What needs no kernel goes on working.
  function stopped(lane) {
    clearTimeout(lane.timer);
    lane.under = null;
    frame.problem("The kernel that made this picture is gone. To go on, run this cell again.");
  }

  function receive(message) {
    const lane = lanes[message.kind];
    if (!lane?.under || message.seq !== lane.under.seq) return; // another view's, or stale
    const { onReply, every, sent } = lane.under, next = lane.next;
    clearTimeout(lane.timer);
    waiting.textContent = "";
    lane.under = lane.next = null;
    root.dataset.latency = Math.round(performance.now() - sent);
    root.dataset.answered = message.seq;
    if (next) send(lane, next);
    if (next && !every) return;
    if (message.error) { failed = message.kind; frame.problem(message.error); return; }
    if (failed === message.kind) { failed = null; frame.problem(""); }
    onReply(message.reply);
  }

  model.on("msg:custom", receive);
  frame.onClose(() => { model.off("msg:custom", receive); for (const lane of Object.values(lanes)) clearTimeout(lane.timer); });
  return (kind, data, onReply, { every = false } = {}) => {
    const lane = (lanes[kind] ??= {}), wish = { kind, data, onReply, every };
    if (lane.under) lane.next = wish; else send(lane, wish);
  };
}

// ---- predicting before looking ----------------------------------------------------------------

// A question: {key, text, kind, answer, choices?, hint?}. Kinds: "number", "shape", "sign" (of a
// number) and "choice" (of `choices`). `answer` may be a function; `hint(given)` explains a mistake.
function openGate(frame) {
  const { model, root } = frame;
  const form = make("form", { class: "mtf-gate", hidden: "", "aria-label": "Prediction" });
  let asked = null, silent = false;
  const isSettled = (key) => silent || key in model.get("predictions");

  // Asks what is still open, then calls done(right): at once if nothing is. `right` is null then.
  function predict(questions, done, { intro = "Before you look: what will it be?", onStop = () => {} } = {}) {
    const due = questions.filter((q) => !isSettled(q.key));
    if (due.length === 0) return done(null);
    if (asked?.due[0] === due[0]) { asked.done = done; return focusFirst(); }
    const fields = due.map(fieldFor), verdict = make("p", { class: "mtf-verdict", role: "status" });
    asked = { due, fields, verdict, done };
    form.replaceChildren(make("strong", {}, intro), ...fields.map((f) => f.element),
      make("button", { type: "submit" }, "Check"), button("Show me", "Show me", () => settle(false)),
      button("Stop asking", "Stop asking", () => { onStop(); silent = true; settle(false); }), verdict);
    form.hidden = false;
    root.dataset.asking = due.map((q) => q.key).join(" ");
    if (root.contains(document.activeElement)) focusFirst();
  }

  const focusFirst = () => form.querySelector("input").focus({ preventScroll: true });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const verdicts = asked.due.map((q, i) => verdictOn(q, asked.fields[i].read()));
    asked.fields.forEach((field, i) => field.element.setAttribute("aria-invalid", verdicts[i] !== ""));
    if (verdicts.every((v) => v === "")) return settle(true);
    asked.verdict.textContent = verdicts.filter(Boolean).join(" ");
    asked.fields[verdicts.findIndex(Boolean)].focus();
  });

  function settle(right) {
    const { due, fields, done } = asked, all = { ...model.get("predictions") };
    due.forEach((q, i) => { if (!(q.key in all)) all[q.key] = { answer: fields[i].read(), right }; });
    model.set("predictions", all);
    model.save_changes();
    const hadFocus = form.contains(document.activeElement);
    close();
    if (hadFocus) root.querySelector(".mtf-body [tabindex='0'], .mtf-bar-row input, .mtf-bar-row button")?.focus({ preventScroll: true });
    done(right);
  }

  function close() { asked = null; form.hidden = true; delete root.dataset.asking; }
  return { element: form, predict, close, isSettled };
}

const SIGNS = ["negative", "zero", "positive"];
let radioGroups = 0;

function fieldFor(q) {
  if (q.kind === "number" || q.kind === "shape") {
    const input = make("input", { type: "text", size: 8, autocomplete: "off", "aria-label": `Your prediction for ${q.text}` });
    return { element: make("label", {}, `${q.text} = `, input), read: () => input.value, focus: () => input.focus() };
  }
  const group = `mtf-choice-${++radioGroups}`;
  const radios = (q.kind === "sign" ? SIGNS : q.choices).map((c) => make("input", { type: "radio", name: group, value: c }));
  const element = make("fieldset", {}, make("legend", {}, q.text), ...radios.map((r) => make("label", {}, r, ` ${r.value}`)));
  return { element, read: () => radios.find((r) => r.checked)?.value ?? "", focus: () => (radios.find((r) => r.checked) ?? radios[0]).focus() };
}

// "" if right, else what to think about.
function verdictOn(q, given) {
  if (isRight(q, given)) return "";
  const hint = q.hint?.(given);
  if (hint) return `${q.text}: ${hint}`;
  if (given.trim() === "") return `${q.text}: ${q.kind === "number" || q.kind === "shape" ? "type your answer" : "choose one"} first, a guess is fine.`;
  if (q.kind !== "number") return `${q.text}: not ${given}. Try again, or choose Show me.`;
  const number = parseNumber(given);
  if (number === null) return `${q.text}: type a number, such as -1 or 0.5.`;
  if (number === -toNumber(answerTo(q)) && number !== 0) return `${q.text}: right size, wrong sign.`;
  return `${q.text}: not ${given}. Try again, or choose Show me.`;
}

const answerTo = (q) => (typeof q.answer === "function" ? q.answer() : q.answer);

function isRight(q, text) {
  const answer = answerTo(q);
  if (q.kind === "shape") return /\S/.test(text) && (text.match(/\d+/g) || []).map(Number).join() === answer.join();
  if (q.kind === "choice") return text === String(answer);
  if (q.kind === "sign") return text === SIGNS[Math.sign(toNumber(answer)) + 1];
  const given = parseNumber(text), right = toNumber(answer);
  if (given === null) return false;
  if (!Number.isFinite(right)) return Object.is(given, right);
  return Math.abs(given - right) <= (q.tolerance ?? 0.005 * Math.abs(right) + 1e-6);
}

// ---- stepping and playing ---------------------------------------------------------------------

// Buttons, slider and keys (Left, Right, Home, End, Space) over frames 0 ... last.
// `want(k)` is called when the learner asks for frame k; answer with stepper.show(k).
function stepper(frame, { last, want, interval = () => 700, label = (k, n) => `step ${k} of ${n}` }) {
  let now = 0, timer = null, end = last;
  const counter = make("span", { class: "mtf-counter" });
  const range = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step", "data-steps": "" });
  const ask = (k) => want(Math.min(end, Math.max(0, k)));
  const play = button("Play (Space)", ICON.play, () => (timer ? self.pause() : self.start()));
  range.addEventListener("input", () => { const to = Number(range.value); ask(to); range.value = now; });

  function showPlay() {
    play.querySelector("path").setAttribute("d", timer ? ICON.pause : ICON.play);
    play.setAttribute("aria-label", timer ? "Pause (Space)" : "Play (Space)");
    frame.root.dataset.playing = timer !== null;
  }

  const self = {
    parts: [button("First step (Home)", ICON.first, () => ask(0)), button("Step back (Left)", ICON.back, () => ask(now - 1)), play,
      button("Step forward (Right)", ICON.next, () => ask(now + 1)), button("Last step (End)", ICON.last, () => ask(end)), range, counter],
    show(k) {
      now = k;
      frame.root.dataset.step = k;
      range.value = k;
      counter.textContent = label(k, end);
      range.setAttribute("aria-valuetext", counter.textContent);
    },
    setLast(n) { end = n; range.max = n; self.show(Math.min(now, n)); },
    playing: () => timer !== null,
    start() {
      if (timer) return;
      if (now === end) ask(0);
      timer = setInterval(() => (now === end ? self.pause() : ask(now + 1)), interval());
      showPlay();
    },
    pause() { clearInterval(timer); timer = null; showPlay(); },
  };
  Object.assign(frame.keys, {
    ArrowLeft: () => ask(now - 1), ArrowRight: () => ask(now + 1), Home: () => ask(0), End: () => ask(end),
    " ": () => (timer ? self.pause() : self.start()),
  });
  frame.addControls(...self.parts);
  frame.onClose(() => clearInterval(timer));
  showPlay();
  self.show(0);
  return self;
}

// ---- controls ---------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (element.matches("button, input, select, textarea, summary, [tabindex]")) {
    // JupyterLab takes arrow keys and letters for itself unless each element says so
    element.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  element.append(...children);
  return element;
}

// The same for SVG.
function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if ("tabindex" in attributes) element.setAttribute("data-lm-suppress-shortcuts", "true");
  element.append(...children);
  return element;
}

function button(label, shown, action) {
  const b = make("button", { type: "button", "aria-label": label, title: label });
  if (/^M\d/.test(shown)) {
    b.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${shown}"/></svg>`;
  } else b.textContent = shown;
  b.addEventListener("click", action);
  return b;
}

// A labelled slider. {element, value(), set(v)}; with `log` it moves in factors, not in steps.
function slider({ label, min, max, step, value, log = false, format = brief, onInput = () => {} }) {
  const [into, back] = log ? [Math.log10, (x) => 10 ** x] : [Number, Number];
  const size = step ?? 10 ** Math.floor(Math.log10((into(max) - into(min)) / 50)); // 50 to 500 round steps
  const range = make("input", { type: "range", min: into(min), max: into(max), step: size, "aria-label": label });
  const shown = make("output", { class: "mtf-counter" });
  const read = () => +back(Number(range.value)).toPrecision(12);
  const show = () => { shown.textContent = format(read()); range.setAttribute("aria-valuetext", shown.textContent); };
  range.addEventListener("input", () => { show(); onInput(read()); });
  const set = (v) => { range.value = into(v); show(); };
  set(value);
  return { element: make("label", { class: "mtf-slider" }, make("span", {}, label), range, shown), value: read, set };
}

// A labelled list. options: [[value, text], ...]; {element, value(), set(v)}.
function choice({ label, options, value = options[0][0], onChange = () => {} }) {
  const select = make("select", { "aria-label": label, title: label }, ...options.map(([v, text]) => new Option(text, v)));
  select.value = value;
  select.addEventListener("change", () => onChange(select.value));
  return { element: make("label", { class: "mtf-choice" }, make("span", {}, label), select), value: () => select.value, set: (v) => { select.value = v; } };
}

// A button that stays pressed. {element, value(), set(on)}.
function toggle({ label, shown = label, on = false, onChange = () => {} }) {
  const element = button(label, shown, () => { set(!value()); onChange(value()); });
  const value = () => element.getAttribute("aria-pressed") === "true";
  const set = (to) => element.setAttribute("aria-pressed", Boolean(to));
  set(on);
  return { element, value, set };
}

const ICON = {
  first: "M3 3h2v10H3zM13 3v10L6 8z", back: "M11 3v10L4 8z", play: "M4 3v10l9-5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z", next: "M5 3v10l7-5z", last: "M11 3h2v10h-2zM3 3v10l7-5z",
};

function tableFrom(caption, head, rows) {
  const cells = (tag, row) => row.map((x, i) => tag === "td" && i === 0
    ? make("th", { scope: "row" }, x) : make(tag, tag === "th" ? { scope: "col" } : {}, x));
  return make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...cells("th", head))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells("td", row)))));
}

// ---- numbers and words ------------------------------------------------------------------------

// JSON has no inf and nan: Python sends them as strings.
function toNumber(x) {
  return x === "inf" ? Infinity : x === "-inf" ? -Infinity : Number(x);
}

function parseNumber(text) {
  const plainText = text.trim().toLowerCase().replace(/[−–]/g, "-").replace(",", ".");
  if (/^[+-]?inf(inity)?$/.test(plainText)) return plainText[0] === "-" ? -Infinity : Infinity;
  const [top, bottom] = plainText.split("/");
  const number = bottom === undefined ? Number(top) : Number(top) / Number(bottom);
  return plainText === "" || (Number.isNaN(number) && plainText !== "nan") ? null : number;
}

// Three significant digits, without needless zeros: 0.125, 3, -1.2e-7, 2.5e8.
function brief(x) {
  if (x === null || x === undefined) return "–";
  const number = toNumber(x);
  if (!Number.isFinite(number)) return String(x).replace("Infinity", "inf").replace("NaN", "nan");
  const long = Math.abs(number) >= 1e6 || (number !== 0 && Math.abs(number) < 1e-4);
  return long ? number.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e") : String(+number.toPrecision(3));
}

const inBrackets = (text) => (text.startsWith("-") ? `(${text})` : text);
const shapeText = (shape) => (shape.length === 0 ? "scalar" : shape.length === 1 ? `(${shape},)` : `(${shape.join(", ")})`);
const plural = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const motionReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// ---- colours of numbers: purple below zero, white at zero, green above --------------------------

const POSITIVE = [27, 120, 55], NEGATIVE = [118, 42, 131], ZERO = [247, 247, 247];
const NOT_FINITE = [240, 228, 66];

// The colour of one number, and whether letters on it must be white.
function shade(x, most) {
  const number = toNumber(x);
  if (!Number.isFinite(number)) return { rgb: NOT_FINITE, white: false };
  const far = Math.min(1, Math.abs(number) / (most || 1)), end = number > 0 ? POSITIVE : NEGATIVE;
  const rgb = ZERO.map((z, i) => Math.round(z + far * (end[i] - z)));
  const [r, g, b] = rgb.map((c) => (c / 255) ** 2.2);
  return { rgb, white: 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 }; // contrast 4.5 either way
}

const largestOf = (rows) => Math.max(...rows.flat().map(toNumber).filter(Number.isFinite).map(Math.abs), 0) || 1;

// A canvas with one pixel per number; enlarge it with CSS (class mtf-heat keeps it sharp).
function heatCanvas(rows, most = largestOf(rows), colour = (x) => shade(x, most).rgb) {
  const canvas = make("canvas", { class: "mtf-heat", width: Math.max(rows[0]?.length ?? 0, 1), height: Math.max(rows.length, 1) });
  const pixels = canvas.getContext("2d");
  rows.forEach((row, r) => row.forEach((x, c) => {
    pixels.fillStyle = `rgb(${colour(x).join()})`;
    pixels.fillRect(c, r, 1, 1);
  }));
  return canvas;
}

// A small array with its numbers, as a real table.
function heatTable(rows, most = largestOf(rows)) {
  const cell = (x) => {
    const { rgb, white } = shade(x, most);
    return make("td", { style: `background: rgb(${rgb.join()}); color: ${white ? "#fff" : "#000"}` }, brief(x));
  };
  return make("table", { class: "mtf-cells" }, ...rows.map((row) => make("tr", {}, ...row.map(cell))));
}

export { isRight, parseNumber, brief, slider, requests };
