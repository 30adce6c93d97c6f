// DigitPad in the browser: an area to draw on, a strip to choose from, and what the model says.

function render({ model, el }) {
  const { side, pen, samples, labels } = model.get("_data"), digits = [...Array(10).keys()];
  const frame = openFrame({ model, el }, { title: "Digit pad" });
  let strokes = [], chosen = 0, shown = null, told = null, wanted = null, open = false;

  // ---- what is on the page ----
  const ink = draw("g", { class: "mtf-ink" });
  const pad = draw("svg", { class: "mtf-pad", viewBox: `0 0 ${side} ${side}`, tabindex: "0", role: "application",
    "aria-label": "Drawing area: draw a digit with mouse, finger or pen. X clears, Z takes the last stroke back. By keyboard choose a digit of the strip." },
  draw("text", { class: "mtf-pad-hint", x: side / 2, y: side / 2, "text-anchor": "middle" }, "draw something"), ink);
  const seen = pictureBox("what the model gets"), salient = pictureBox("saliency");
  const bars = digits.map((d) => {
    const bar = make("i", { class: "mtf-digit-bar" }), share = make("span", {}, "?");
    const ask = button(`Saliency of digit ${d}`, String(d), () => want(d));
    return { bar, share, ask, row: make("div", { class: "mtf-digit-row" }, ask, make("span", { class: "mtf-digit-room" }, bar), share) };
  });
  const labelled = `mtf-sample-${Math.random().toString(36).slice(2)}`;
  const thumbs = samples.map((image, k) => {
    const one = make("span", { role: "option", id: `${labelled}-${k}`, "aria-label": `sample ${k + 1}`, "aria-selected": "false" }, heatCanvas(image, 255, (v) => blueness(v / 255)));
    one.addEventListener("click", () => { choose(k); pick(); });
    return one;
  });
  const strip = make("div", { class: "mtf-strip", role: "listbox", tabindex: "0", "aria-label": "Sample digits: Left and Right move, Enter reads the chosen one" }, ...thumbs);
  const signed = toggle({ label: "Show the saliency's sign (S)", shown: "Sign", onChange: showSaliency });
  frame.addControls(button("Clear (X)", "Clear", clear), button("Take the last stroke back (Z)", "Undo", undo), signed.element);
  frame.body.append(make("div", { class: "mtf-digit-desk" }, make("figure", {}, pad, make("figcaption", {}, "drawing area")), seen.element, salient.element,
    make("div", { class: "mtf-digit-bars", role: "group", "aria-label": "Probability of each digit" }, ...bars.map((b) => b.row))), strip);
  frame.legend(["forward", "values: ink and probabilities"], ["reverse", "size of a gradient"], ["heat", "− 0 + with Sign"]);
  Object.assign(frame.keys, { x: clear, z: undo, s: () => { signed.set(!signed.value()); showSaliency(); } });
  for (const d of digits) frame.keys[d] = () => want(d);

  // ---- drawing ----
  let active = null;
  pad.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || active !== null) return;
    active = event.pointerId;
    pad.setPointerCapture(active);
    if (shown !== null) strokes = []; // a sample was shown: begin anew
    [shown, wanted] = [null, null];
    strokes.push(pointOf(event));
    changed();
    event.preventDefault();
    pad.focus({ preventScroll: true });
  });
  pad.addEventListener("pointermove", (event) => {
    if (event.pointerId !== active) return;
    const last = strokes.at(-1), [x, y] = pointOf(event);
    if (Math.hypot(x - last.at(-2), y - last.at(-1)) < 3) return;
    last.push(x, y);
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, (event) => { if (event.pointerId === active) active = null; });

  function pointOf(event) {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((v) => Math.round(Math.min(1, Math.max(0, v)) * side));
  }

  function undo() { if (shown === null && strokes.length > 0) { strokes.pop(); changed(); } }

  function clear() { strokes = []; shown = wanted = null; changed(); }

  function changed() {
    frame.closeGate();
    ink.replaceChildren(...strokes.map((s) => draw("path", { "stroke-width": pen, d: `M${s[0]},${s[1]}${s.length > 2 ? "" : "h0.01"}${pairs(s.slice(2)).map((p) => `L${p}`).join("")}` })));
    pad.classList.toggle("mtf-is-empty", strokes.length === 0);
    if (strokes.length === 0) return showEmpty();
    frame.request("read", { strokes, digit: wanted }, (reply) => { if (shown === null && strokes.length > 0) reveal(reply, "your drawing"); }, { every: true });
  }

  const pairs = (flat) => flat.flatMap((v, i) => (i % 2 ? [[flat[i - 1], v]] : []));

  function showEmpty() {
    told = null;
    open = false;
    show();
    frame.phase("empty");
    frame.say("Draw something: a digit from 0 to 9. Or choose one from the strip: arrows move, Enter reads.");
    delete frame.root.dataset.reads;
    frame.refreshTable();
  }

  // ---- the strip ----
  strip.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: samples.length - 1 }[event.key];
    if (to !== undefined) choose(Math.min(samples.length - 1, Math.max(0, to)));
    else if (event.key === "Enter" || event.key === " ") pick();
    else return;
    event.preventDefault();
  });

  function choose(k) {
    chosen = k;
    thumbs.forEach((one, i) => one.setAttribute("aria-selected", i === k));
    strip.setAttribute("aria-activedescendant", thumbs[k].id);
    frame.root.dataset.chosen = k;
  }

  // The picture is shown at once, the model's answer after the learner's.
  function pick() {
    const k = chosen;
    [strokes, shown, wanted] = [[], k, null];
    ink.replaceChildren();
    pad.classList.add("mtf-is-empty");
    frame.closeGate();
    frame.request("sample", { index: k }, (reply) => {
      if (shown !== k) return;
      [told, open] = [reply, false];
      show();
      frame.phase("asking");
      if (!frame.isSettled(`sample ${k + 1}`)) frame.say(`Sample ${k + 1} of ${samples.length}. What will the model read?`);
      frame.predict([{ key: `sample ${k + 1}`, text: `what the model reads in sample ${k + 1}`, kind: "choice", choices: digits.map(String), answer: String(reply.digit),
        hint: (given) => (given === String(reply.label) ? `${given} is what was meant, but the model reads something else.` : "") }],
      () => reveal(reply, `sample ${k + 1}`));
    });
  }

  // ---- what the model says ----
  function want(d) {
    if (told === null || !open) return;
    wanted = d;
    if (shown === null) return changed();
    const k = shown;
    frame.request("sample", { index: k, digit: d }, (reply) => { if (shown === k && open) reveal(reply, `sample ${k + 1}`); });
  }

  function reveal(reply, what) {
    if (reply.empty) return;
    [told, open] = [reply, true];
    show();
    frame.phase(`reads ${reply.digit}`, "read");
    frame.root.dataset.reads = reply.digit;
    const [first, second] = ranked(), sure = (d) => percent(reply.probabilities[d]);
    const was = reply.label === undefined ? "" : reply.label === reply.digit ? ` It is labelled ${reply.label}: right.` : ` It is labelled ${reply.label}: wrong.`;
    frame.say(`The model reads ${what} as ${first}, probability ${sure(first)}; next ${second}, ${sure(second)}.${was} ${tellSaliency()}`);
    frame.refreshTable();
  }

  const ranked = () => digits.toSorted((a, b) => toNumber(told.probabilities[b]) - toNumber(told.probabilities[a]));
  function tellSaliency() {
    if (told.saliency === null) return told.note;
    const most = largestOf(told.saliency), row = told.saliency.findIndex((r) => r.some((v) => Math.abs(v) === most));
    const column = row < 0 ? -1 : told.saliency[row].findIndex((v) => Math.abs(v) === most);
    if (row < 0) return `No pixel changes the ${told.score_name} of ${told.of}: every gradient is 0.`;
    return `The ${told.score_name} of ${told.of} depends most on the pixel in row ${row}, column ${column}: gradient ${brief(told.saliency[row][column])}.`;
  }

  function show() {
    seen.show(told && heatCanvas(told.picture, 255, (v) => blueness(v / 255)));
    const best = open ? told.digit : null;
    digits.forEach((d) => {
      const { bar, share, row, ask } = bars[d], p = open ? toNumber(told.probabilities[d]) : 0;
      bar.style.width = `${100 * (p || 0)}%`;
      share.textContent = open ? percent(told.probabilities[d]) : told ? "?" : "–";
      row.classList.toggle("mtf-is-best", d === best);
      ask.setAttribute("aria-pressed", open && told.saliency !== null && d === told.of);
    });
    showSaliency();
  }

  function showSaliency() {
    if (!open || told.saliency === null) { salient.show(null); salient.title("saliency"); return; }
    showSaliencyIn(salient, told, told.of, signed.value());
  }

  frame.setTable(() => {
    if (told === null) return tableFrom("Samples", ["sample", "shows"], labels.map((label, k) => [`${k + 1}`, frame.isSettled(`sample ${k + 1}`) ? `${label}` : "a digit"]));
    const tables = [tableFrom("What the model says", ["digit", told.score_name, "probability"], digits.map((d) => [`${d}`, ...(open ? [brief(told.scores[d]), percent(told.probabilities[d])] : ["?", "?"])])),
      pictureTable("What the model gets: ink from 0 to 255", told.picture, String)];
    if (open && told.saliency !== null) tables.push(pictureTable(`Gradient of the ${told.score_name} of ${told.of} by each pixel`, told.saliency));
    return tables;
  });

  choose(0);
  changed();
  return frame.close;
}

export default { render };
