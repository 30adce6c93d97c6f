// NetInspector in the browser: an image, the learner's guess, then layer by layer what became of it.

function render({ model, el }) {
  const { count, names, stages } = model.get("_data");
  const frame = openFrame({ model, el }, { title: "Net inspector" });
  let index = 0, told = null, open = false, layer = 0, unit = 0, digit = null;
  const galleries = {}, filters = {}; // by stage, and by "stage unit": what the kernel sent

  // ---- what is on the page ----
  const input = pictureBox("image"), salient = pictureBox("saliency");
  const guesses = make("div", { class: "mtf-net-box" }), norms = make("div", { class: "mtf-net-box" });
  const tabs = stages.map((s, k) => button(`Layer ${s.name}`, s.name, () => chooseLayer(k)));
  const units = make("div", { class: "mtf-units", role: "listbox", tabindex: "0" }), note = make("p", { class: "mtf-net-note" });
  const detail = make("div", { class: "mtf-net-detail" }), lower = make("div", { hidden: "" });
  const pick = slider({ label: "image", min: 0, max: Math.max(1, count - 1), step: 1, value: 0, format: (k) => `${k} of ${count}`, onInput: (k) => chooseImage(k) });
  const of = choice({ label: "saliency of", options: [["", "what it reads"], ...names.map((name, k) => [String(k), name])], onChange: (v) => { digit = v === "" ? null : Number(v); if (open) look(reveal); } });
  const what = choice({ label: "show", options: [["activations", "activations"], ["filters", "filters"]], onChange: showUnits });
  const signed = toggle({ label: "Show the saliency's sign (S)", shown: "Sign", onChange: () => showSaliency() });
  frame.addControls(pick.element, button("Look inside (L)", "Look inside", inside), of.element, what.element, signed.element);
  lower.append(make("div", { class: "mtf-net-tabs", role: "group", "aria-label": "Layers: Up and Down choose" }, ...tabs), units, note, detail);
  frame.body.append(make("div", { class: "mtf-net-top" }, input.element, salient.element, guesses, norms), lower);
  frame.legend(["forward", "values of 0 and more"], ["reverse", "size of a gradient"], ["heat", "− 0 +: weights, and values of both signs"]);
  Object.assign(frame.keys, {
    ArrowLeft: () => chooseImage(index - 1), ArrowRight: () => chooseImage(index + 1),
    ArrowUp: () => chooseLayer(layer - 1), ArrowDown: () => chooseLayer(layer + 1), l: inside,
    s: () => { signed.set(!signed.value()); showSaliency(); },
    f: () => { what.set(what.value() === "filters" ? "activations" : "filters"); showUnits(); },
  });

  // ---- choosing an image, guessing, looking ----
  function chooseImage(k, then = () => {}) {
    index = Math.min(count - 1, Math.max(0, k));
    pick.set(index);
    frame.root.dataset.image = index;
    open = false;
    frame.closeGate();
    look(() => { if (frame.isSettled(key())) return reveal(); hide(); then(); });
  }

  const key = () => `image ${index}`;

  function look(after) {
    const k = index;
    frame.request("look", { index: k, digit }, (reply) => { if (k === index) { told = reply; after(); } });
  }

  function hide() {
    input.show(pictureOf(told.image));
    for (const box of [guesses, norms]) box.replaceChildren();
    guesses.append(make("p", {}, "What will the model read?"));
    lower.hidden = true;
    showSaliency();
    frame.phase("asking");
    frame.say(`Image ${index} of ${count}. What will the model read? L asks you, then shows the inside.`);
    delete frame.root.dataset.reads;
    frame.refreshTable();
  }

  function inside() {
    if (told === null || told.index !== index || open) return;
    frame.predict([{ key: key(), text: `what the model reads in image ${index}`, kind: "choice", choices: names, answer: names[told.digit],
      hint: (given) => (given === names[told.label] ? `${given} is what the label says, but the model reads something else.` : "") }], reveal);
  }

  function reveal() {
    open = true;
    input.show(pictureOf(told.image));
    lower.hidden = false;
    showGuesses();
    showNorms();
    showSaliency();
    showUnits();
    frame.phase(`reads ${names[told.digit]}`, "read");
    frame.root.dataset.reads = names[told.digit];
    const right = told.digit === told.label ? "right" : "wrong", largest = largestNorm();
    frame.say(`The model reads image ${index} as ${names[told.digit]}, probability ${percent(told.probabilities[told.digit])}. The label is ${names[told.label]}: ${right}. The loss is ${brief(told.loss)}${largest === null ? "" : `; its largest gradient goes to the weights of ${stages[largest].name}, length ${brief(told.weight_norms[largest])}`}.`);
    frame.refreshTable();
  }

  function largestNorm() {
    const known = told.weight_norms.map((x, k) => [x === null ? -1 : toNumber(x), k]).filter(([x]) => x >= 0);
    return known.length === 0 ? null : known.reduce((a, b) => (b[0] > a[0] ? b : a))[1];
  }

  // ---- the upper row ----
  const ranked = () => names.map((_, k) => k).sort((a, b) => toNumber(told.probabilities[b]) - toNumber(told.probabilities[a]));

  function pictureOf(rows) { return rows.flat().some((v) => toNumber(v) < 0) ? heatCanvas(rows) : heatCanvas(rows, 1, (v) => blueness(toNumber(v) / largestOf(rows))); }

  function showGuesses() {
    const rows = ranked().slice(0, 3).map((k) => row(names[k], toNumber(told.probabilities[k]), percent(told.probabilities[k]), "forward"));
    guesses.replaceChildren(make("strong", {}, "most probable"), bars(rows), make("p", {}, `label ${names[told.label]}, loss ${brief(told.loss)}`));
  }

  function showNorms() {
    const most = Math.max(...told.weight_norms.map((x) => toNumber(x ?? 0)).filter(Number.isFinite), 0) || 1;
    const rows = stages.flatMap((s, k) => (told.weight_norms[k] === null ? [] : [row(s.name, toNumber(told.weight_norms[k]) / most, brief(told.weight_norms[k]), "reverse")]));
    norms.replaceChildren(make("strong", {}, "|∂ loss / ∂ weights|"), bars(rows));
  }

  // One grid for all rows, so that the bars begin at one line and can be compared.
  const bars = (rows) => make("div", { class: "mtf-net-bars" }, ...rows.flat());

  function row(name, share, text, kind) {
    const bar = make("i", { class: `mtf-net-bar mtf-net-${kind}`, style: `width: ${100 * Math.min(1, share || 0)}%` });
    return [make("span", {}, name), make("span", { class: "mtf-net-room" }, bar), make("span", { class: "mtf-net-number" }, text)];
  }

  function showSaliency() {
    if (!open || told.saliency === null) { salient.show(null); salient.title(open ? "no gradient reaches the image" : "saliency"); return; }
    showSaliencyIn(salient, told, names[told.of], signed.value());
  }

  // ---- a layer and its units ----
  function chooseLayer(k) {
    if (!open) return;
    layer = Math.min(stages.length - 1, Math.max(0, k));
    unit = 0;
    showUnits();
    const s = stages[layer];
    frame.say(`Layer ${s.name}: ${s.maps ? `${plural(s.width, "map")} of ${s.shape[0]} × ${s.shape[1]}` : plural(s.width, "unit")}. ${aboutZeros()} ${aboutDead()}`);
    frame.refreshTable();
  }

  function aboutZeros() {
    const all = told.units[layer].flat(2), zeros = all.filter((v) => v === 0).length;
    return `${percent(zeros / all.length)} of its numbers are 0 for this image.`;
  }

  function aboutDead() {
    const { dead, width } = stages[layer];
    if (dead === null) return "";
    return dead.length === 0 ? `No unit is dead: each gave more than 0 for some of the ${plural(count, "image")}.`
      : `${dead.length} of ${width} units ${dead.length === 1 ? "is" : "are"} dead (crossed out): 0 for each of the ${plural(count, "image")}.`;
  }

  function showUnits() {
    if (!open) return;
    const s = stages[layer], wantsFilters = what.value() === "filters";
    tabs.forEach((tab, k) => tab.setAttribute("aria-pressed", k === layer));
    Object.assign(frame.root.dataset, { layer: s.name, unit, show: what.value() });
    if (wantsFilters && s.gallery && !galleries[layer]) {
      const k = layer;
      frame.request("filters", { stage: k }, (reply) => { galleries[k] = reply; if (k === layer) showUnits(); });
    }
    const asFilters = wantsFilters && s.gallery && galleries[layer];
    const cells = asFilters ? asGallery(galleries[layer]) : s.maps ? asMaps() : asStrip();
    units.replaceChildren(...cells.map((canvas, k) => unitOf(canvas, k)));
    units.setAttribute("aria-label", `Units of ${s.name}: the arrows choose one`);
    units.classList.toggle("mtf-is-strip", !asFilters && !s.maps);
    const few = cells.length < s.width ? `The first ${cells.length} of ${s.width} units are shown. ` : "";
    const why = wantsFilters && !s.gallery ? (s.filters ? `Each unit of ${s.name} has ${plural(s.filters, "picture")} of weights: choose one unit to see them below. ` : `${s.name} has no weights; shown are its activations. `) : "";
    note.textContent = `${few}${why}${aboutDead()}`;
    markUnit();
    showDetail();
  }

  const asGallery = ({ levels }) => levels.map((rows) => heatCanvas(rows, 127));

  function colours(rows) {
    const numbers = rows.flat(), most = largestOf([numbers]);
    return numbers.some((v) => toNumber(v) < 0) ? (v) => shade(v, most).rgb : (v) => blueness(toNumber(v) / most);
  }

  function asMaps() {
    const colour = colours(told.units[layer].flat());
    return told.units[layer].map((rows) => heatCanvas(rows, 1, colour));
  }

  function asStrip() {
    const colour = colours([told.units[layer].flat()]);
    return told.units[layer].map((v) => heatCanvas([[v].flat()], 1, colour));
  }

  function unitOf(canvas, k) {
    const dead = stages[layer].dead?.includes(k) ?? false;
    const one = make("span", { role: "option", id: `${labelled}-${k}`, "aria-label": `unit ${k}${dead ? ", dead" : ""}` }, canvas, ...(isShort() ? [make("small", {}, String(k))] : []));
    one.classList.toggle("mtf-is-dead", dead);
    one.title = `unit ${k}`;
    one.addEventListener("click", () => chooseUnit(k));
    return one;
  }

  const isShort = () => !stages[layer].maps && stages[layer].width <= 32;

  const labelled = `mtf-unit-${Math.random().toString(36).slice(2)}`;

  units.addEventListener("keydown", (event) => {
    const across = Math.max(1, [...units.children].filter((one) => one.offsetTop === units.children[0].offsetTop).length);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -unit, End: units.children.length - 1 - unit }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    chooseUnit(Math.min(units.children.length - 1, Math.max(0, unit + step)));
  });

  function chooseUnit(k) {
    unit = k;
    markUnit();
    showDetail();
    frame.say(aboutUnit());
    frame.refreshTable();
  }

  function markUnit() {
    frame.root.dataset.unit = unit;
    [...units.children].forEach((one, k) => one.setAttribute("aria-selected", k === unit));
    units.setAttribute("aria-activedescendant", `${labelled}-${unit}`);
  }

  function aboutUnit() {
    const s = stages[layer], numbers = [told.units[layer][unit]].flat(2).map(toNumber);
    const dead = s.dead?.includes(unit) ? ` It is dead: 0 for each of the ${plural(count, "image")}.` : "";
    if (numbers.length === 1) return `Unit ${unit} of ${s.name} gives ${brief(numbers[0])}.${dead}`;
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    return `Unit ${unit} of ${s.name} gives a map from ${brief(Math.min(...numbers))} to ${brief(Math.max(...numbers))}, on average ${brief(mean)}.${dead}`;
  }

  function showDetail() {
    const s = stages[layer], id = `${layer} ${unit}`, map = s.maps ? [figure("activation", heatCanvas(told.units[layer][unit], 1, colours(told.units[layer].flat())))] : [];
    if (s.filters && !filters[id]) {
      const at = [layer, unit];
      frame.request("filter", { stage: layer, unit }, (reply) => { filters[id] = reply.pictures; if (open && at[0] === layer && at[1] === unit) { showDetail(); frame.refreshTable(); } });
    }
    const pictures = s.filters && filters[id] ? filters[id] : [], most = largestOf(pictures.flat());
    const weights = pictures.map((rows, c) => figure(pictures.length > 1 ? `weights of ${c}` : "weights", heatCanvas(rows, most), rows.length === 1 && rows[0].length > 1));
    detail.replaceChildren(make("p", {}, `${aboutUnit()}${weights.length ? ` Its weights: at most ${brief(most)}, white is 0.` : ""}`), ...map, ...weights);
    frame.root.dataset.filters = pictures.length;
  }

  function figure(caption, canvas, flat = false) {
    const made = make("figure", {}, canvas, make("figcaption", {}, caption));
    made.classList.toggle("mtf-is-flat", flat);
    return made;
  }

  // ---- the same as tables ----
  frame.setTable(() => {
    const about = tableFrom("Layers", ["layer", "output", "weights", "dead units", "|∂ loss / ∂ weights|", "|∂ loss / ∂ output|"], stages.map((s, k) => [s.name, shapeText(s.shape),
      s.weights.map(shapeText).join(" ") || "–", s.dead === null ? "–" : `${s.dead.length} of ${s.width}`, open ? brief(told.weight_norms[k]) : "?", open ? brief(told.output_norms[k]) : "?"]));
    if (!open) return told === null ? about : [about, pictureTable(`Image ${index}`, told.image)];
    const s = stages[layer], values = told.units[layer].map((v) => [v].flat(2).map(toNumber));
    const tables = [tableFrom(`What the model reads in image ${index}, labelled ${names[told.label]}`, ["class", told.score_name, "probability"], ranked().map((k) => [names[k], brief(told.scores[k]), percent(told.probabilities[k])])), about,
      tableFrom(`Units of ${s.name}`, ["unit", "least", "most", "dead"], values.map((v, k) => [`${k}`, brief(Math.min(...v)), brief(Math.max(...v)), s.dead === null ? "–" : s.dead.includes(k) ? "yes" : "no"]))];
    if (s.maps) tables.push(pictureTable(`Map of unit ${unit} of ${s.name}`, told.units[layer][unit]));
    (filters[`${layer} ${unit}`] ?? []).forEach((rows, c) => tables.push(pictureTable(`Weights of unit ${unit} of ${s.name}, picture ${c}`, rows)));
    tables.push(pictureTable(`Image ${index}`, told.image));
    if (told.saliency !== null) tables.push(pictureTable(`Gradient of the ${told.score_name} of ${names[told.of]} by each pixel`, told.saliency));
    return tables;
  });

  frame.say("The first image is on its way.");
  chooseImage(0, inside);
  return frame.close;
}

export default { render };
