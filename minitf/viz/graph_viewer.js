// GraphViewer in the browser. Reads a GraphSpec (frames sent as differences) and a drawing with
// empty slots; a step only changes words and classes. See graph_viewer.py for the Python side.
// graph_parts.js is put before this file: unfold, isRight, make, button, heat ... come from there.

const MIN_SCALE = 0.72;
const KINDS = { input: "input", param: "parameter", const: "not watched" };

function render({ model, el }) {
  const { spec, questions, uses, derivatives } = model.get("_data");
  const frames = unfold(spec.steps);
  const last = Math.max(0, frames.length - 1);
  const nodes = Object.fromEntries(spec.nodes.map((n) => [n.id, n]));
  const edges = Object.fromEntries(spec.edges.map((e) => [e.id, e]));
  const usedAt = {};
  for (const f of frames) if (f.phase === "reverse") for (const e of f.edges) usedAt[e] ??= f.index;
  let now = 0, timer = null, waiting = null, selected = "", tableOpen = false;
  let scale = null, onePath = null, remark = "";
  const settled = new Set(Object.keys(model.get("predictions"))); // names no longer asked about

  // -- page furniture
  const stage = make("div", { class: "mtf-stage", tabindex: "0", role: "region", "aria-label": "Graph. Left and right arrow keys step." });
  stage.innerHTML = model.get("_svg");
  const svg = stage.querySelector("svg");
  const size = svg ? [svg.width.baseVal.value, svg.height.baseVal.value] : null;
  const phase = make("span", { class: "mtf-phase" }), counter = make("span", { class: "mtf-counter" });
  const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" });
  const play = button("Play (Space)", ICON.play, () => (timer ? pause() : start()));
  const picker = make("select", { "aria-label": "Look at a node and its paths (P)", title: "Look at a node and its paths (P)" }, new Option("Look at …", ""),
    ...spec.nodes.map((n) => new Option(n.name, n.id)));
  const tableButton = button("Table (T)", "Table", () => showTable(!tableOpen));
  const zoom = make("span", { class: "mtf-zoom" }, button("Zoom out", "−", () => setScale(scale / 1.25)),
    button("Zoom in", "+", () => setScale(scale * 1.25)));
  const bar = make("div", { class: "mtf-bar-row", role: "toolbar", "aria-label": "Steps" },
    button("First step (Home)", ICON.first, () => ask(0)), button("Step back (Left)", ICON.back, () => ask(now - 1)), play,
    button("Step forward (Right)", ICON.next, () => ask(now + 1)), button("Last step (End)", ICON.last, () => ask(last)),
    slider, counter, picker, tableButton, zoom);
  const sentence = make("p", { class: "mtf-sentence", "aria-live": "polite" });
  const gate = make("form", { class: "mtf-gate", hidden: "", "aria-label": "Prediction" });
  const detail = make("div", { class: "mtf-detail", hidden: "" });
  const table = make("div", { class: "mtf-table", hidden: "" });
  const legend = make("p", { class: "mtf-legend" });
  legend.innerHTML = '<span><i class="k-input"></i>input</span><span><i class="k-param"></i>parameter</span>'
    + '<span><i class="k-const"></i>not watched</span><span><i class="k-op"></i>operation</span>'
    + '<span><i class="k-loss"></i>result</span><span><i class="k-forward"></i>value flows forward</span>'
    + '<span><i class="k-reverse"></i>gradient flows back</span>';
  const root = make("div", { class: "mtf-viewer", role: "group", "aria-label": spec.title },
    make("div", { class: "mtf-head" }, make("strong", {}, spec.title), phase), bar, sentence, stage, gate, detail, table, legend);
  const note = model.get("_problem");
  if (!svg) { stage.replaceChildren(make("p", {}, `${note} The table below holds the same data.`)); tableOpen = true; }
  el.replaceChildren(root);

  // -- moving
  const open = (q) => !settled.has(nodes[q.node].name);

  function ask(target) {
    target = Math.min(last, Math.max(0, target));
    const first = questions.find((q) => open(q) && q.step <= target);
    if (!first) { closeGate(); return go(target); }
    const resume = timer !== null;
    pause();
    if (now !== first.step - 1) go(first.step - 1);
    openGate(questions.filter((q) => open(q) && q.step === first.step), { target, resume });
  }

  function go(step, tell = true) {
    now = step;
    paint();
    if (tell && model.get("step") !== now) { model.set("step", now); model.save_changes(); }
  }

  function start() {
    if (now === last) ask(0);
    timer = setInterval(() => (now === last ? pause() : ask(now + 1)), model.get("interval"));
    showPlay();
  }

  function pause() { clearInterval(timer); timer = null; showPlay(); }

  function showPlay() {
    play.querySelector("path").setAttribute("d", timer ? ICON.pause : ICON.play);
    play.setAttribute("aria-label", timer ? "Pause (Space)" : "Play (Space)");
    root.dataset.playing = timer !== null;
  }

  // -- predicting
  function openGate(due, after) {
    if (waiting && waiting.due[0] === due[0]) { waiting.after = after; gate.querySelector("input").focus(); return; }
    waiting = { due, after };
    const fields = due.map((q) => {
      const input = make("input", { type: "text", size: 8, autocomplete: "off", "aria-label": `Your prediction for ${q.text}` });
      return make("label", {}, `${q.text} = `, input);
    });
    const verdict = make("p", { class: "mtf-verdict", role: "status" });
    const reveal = button("Reveal", "Reveal", () => settle(false));
    const stop = button("Stop asking", "Stop asking", () => { for (const q of questions) if (open(q)) remember(q, "", false); settle(false); });
    gate.replaceChildren(make("strong", {}, "Before you look: what will it be?"), ...fields,
      make("button", { type: "submit" }, "Check"), reveal, stop, verdict);
    gate.hidden = false;
    root.dataset.asking = due.map((q) => nodes[q.node].name).join(" ");
    markAsked();
    if (root.contains(document.activeElement)) gate.querySelector("input").focus();
  }

  gate.addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = [...gate.querySelectorAll("input")];
    const wrong = waiting.due.map((q, i) => verdictOn(q, inputs[i].value)).filter(Boolean);
    inputs.forEach((input, i) => input.setAttribute("aria-invalid", !isRight(waiting.due[i], input.value)));
    if (wrong.length === 0) return settle(true);
    gate.querySelector(".mtf-verdict").textContent = wrong.join(" ");
    gate.querySelector('[aria-invalid="true"]').focus();
  });

  function verdictOn(q, text) {
    if (isRight(q, text)) return "";
    if (q.kind === "shape") return `${q.text}: not ${text || "empty"}. A gradient has the shape of what you differentiate by.`;
    const given = parseNumber(text);
    if (given === null) return `${q.text}: type a number, such as -1 or 0.5.`;
    if (given === -toNumber(q.answer) && given !== 0) return `${q.text}: right size, wrong sign.`;
    const parts = spec.edges.filter((e) => e.active && e.src === q.node);
    if (parts.length > 1 && parts.some((e) => toNumber(e.contribution) === given)) {
      return `${q.text}: ${text} is one contribution; ${nodes[q.node].name} is used ${parts.length} times. Add them up.`;
    }
    return `${q.text}: not ${text}. Multiply the gradient that arrives at the operation by the local derivative.`;
  }

  function settle(right) {
    const inputs = [...gate.querySelectorAll("input")];
    waiting.due.forEach((q, i) => { if (open(q)) remember(q, inputs[i].value, right); });
    remark = right ? "Your prediction is right. " : "";
    const { target, resume } = waiting.after;
    model.save_changes();
    closeGate();
    stage.focus({ preventScroll: true });
    ask(resume ? now + 1 : target);
    if (resume && !waiting) start();
  }

  function remember(q, answer, right) {
    settled.add(nodes[q.node].name);
    model.set("predictions", { ...model.get("predictions"), [nodes[q.node].name]: { answer, right } });
  }

  function closeGate() { waiting = null; gate.hidden = true; delete root.dataset.asking; markAsked(); }

  function markAsked() {
    for (const g of stage.querySelectorAll(".mtf-node")) mark(g, { asked: waiting?.due.some((q) => q.node === g.dataset.node) });
  }

  // -- painting one frame
  function gradientOf(n, f) {
    if (n.adjoint_text === "–") return ["", "not watched"];
    if (["start", "forward"].includes(f.phase)) return ["", "no gradient yet"];
    if (n.id in f.adjoints) return ["grad", f.adjoints[n.id] + (pending(n.id, f) ? " so far" : "")];
    return n.adjoint_text === "none" ? ["", "no path"] : ["grad", "?"];
  }

  const pending = (id, f) => id in f.addends && f.addends[id].length < uses[id];

  function fill(slot, caption, text, summary) {
    const image = slot.querySelector("image");
    if (!image) return slot.replaceChildren(...(caption ? [tspan("mtf-tag", caption + " "), tspan("mtf-number", text)] : [tspan("mtf-tag", text)]));
    const words = slot.querySelector(".mtf-slot");
    words.textContent = summary ? "" : /^(\?|no |not )/.test(text) ? text.replace(/.*yet|.*watched|no path/, "–") : "…";
    image.setAttribute("visibility", summary ? "visible" : "hidden");
    if (summary && !image.hasAttribute("href")) {
      const cells = heat(summary);
      const unit = Math.min(42 / cells.width, 26 / cells.height);
      const [w, h] = [Math.max(8, cells.width * unit), Math.max(8, cells.height * unit)];
      for (const [k, v] of Object.entries({ href: cells.toDataURL(), width: w, height: h, x: -w / 2, y: 19 - h / 2 })) image.setAttribute(k, v);
    }
  }

  function tspan(name, text) {
    const t = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    t.setAttribute("class", name);
    t.textContent = text;
    return t;
  }

  function paint() {
    const f = frames[now];
    const gone = f ? f.phase : "start";
    root.dataset.step = now;
    root.dataset.phase = gone;
    phase.textContent = { start: "start", forward: "forward: values", seed: "backward: seed", reverse: "backward: gradients", done: "done" }[gone];
    counter.textContent = `step ${now} of ${last}`;
    slider.value = now;
    slider.setAttribute("aria-valuetext", `step ${now} of ${last}`);
    sentence.textContent = f ? remark + f.sentence : "This picture has no steps.";
    remark = "";
    if (f && svg) paintGraph(f);
    if (f && tableOpen) paintTable(f);
    if (selected) paintDetail(f);
  }

  function paintGraph(f) {
    const back = !["start", "forward"].includes(f.phase);
    for (const g of stage.querySelectorAll(".mtf-node")) {
      const n = nodes[g.dataset.node], [caption, text] = gradientOf(n, f);
      const known = n.id in f.values, has = n.id in f.adjoints;
      mark(g, { known, "has-grad": has, now: f.node === n.id, selected: selected === n.id });
      fill(g.querySelector(".mtf-value"), "value", known ? f.values[n.id] : "?", known && n.value.cells ? n.value : null);
      fill(g.querySelector(".mtf-grad"), caption, text, has && n.adjoint?.cells && !pending(n.id, f) ? n.adjoint : null);
      paintSum(g.querySelector(".mtf-sum"), n.id, f);
    }
    const lit = litEdges();
    for (const g of stage.querySelectorAll("[data-edge]")) {
      const e = edges[g.dataset.edge], used = usedAt[e.id] <= now;
      mark(g, { known: e.dst in f.values, used, now: f.edges.includes(e.id), back: back && e.active, lit: lit?.has(e.id), dim: lit && !lit.has(e.id) });
    }
    follow(f.node);
  }

  function paintSum(badge, id, f) {
    badge.setAttribute("visibility", id in f.addends ? "visible" : "hidden");
    if (!(id in f.addends)) return;
    const text = sumText(f.addends[id], uses[id], f.adjoints[id]), half = text.length * 3.1 + 8;
    badge.querySelector("text").textContent = text;
    badge.querySelector("rect").setAttribute("x", -half);
    badge.querySelector("rect").setAttribute("width", 2 * half);
  }

  function mark(element, flags) {
    for (const [name, on] of Object.entries(flags)) element.classList.toggle(`mtf-is-${name}`, Boolean(on));
  }

  function paintTable(f) {
    const valueRows = spec.nodes.map((n) => [n.name, n.text || KINDS[n.kind], shapeText(n.shape),
      f.values[n.id] ?? "?", gradientOf(n, f)[1]]);
    const edgeRows = spec.edges.filter((e) => e.active).map((e) => {
      const used = usedAt[e.id] <= now;
      return [`${nodes[e.dst].name} → ${nodes[e.src].name}`, e.symbol, used ? [...new Set([e.rule, e.partial_text])].filter(Boolean).join(" = ") : "?", used ? e.contribution_text : "?"];
    });
    table.replaceChildren(
      tableOf(`Values and gradients at step ${now}`, ["name", "computed as", "shape", "value", derivatives[spec.target].split("/")[0] + "/∂name"], valueRows),
      tableOf(`Local derivatives and contributions at step ${now}`, ["gradient flows", "local derivative", "equals", "contribution"], edgeRows));
  }

  function showTable(on) {
    tableOpen = on || !svg;
    table.hidden = !tableOpen;
    tableButton.setAttribute("aria-pressed", tableOpen);
    paint();
  }

  // -- looking at one node and its paths
  function select(id) {
    selected = id;
    onePath = null;
    picker.value = id;
    detail.hidden = !id;
    paint();
    follow(id);
  }

  function litEdges() {
    const view = spec.paths.find((p) => p.source === selected);
    if (!view) return null;
    return new Set((onePath ? [onePath] : view.paths).flatMap((p) => p.edges));
  }

  function paintDetail(f) {
    const n = nodes[selected], view = spec.paths.find((p) => p.source === selected);
    const secret = questions.some((q) => q.node === selected && open(q));
    const where = n.line ? [`, line ${n.line}: `, make("code", {}, n.source)] : [];
    const shape = n.shape.length ? `shape ${shapeText(n.shape)}` : "scalar";
    detail.replaceChildren(make("p", {}, make("strong", {}, n.name), n.text ? ` = ${n.text}` : "", ` (${shape}, ${n.dtype})`, ...where));
    if (n.value.cells && n.id in f.values) detail.append(bigHeat("value", n.value));
    if (n.adjoint?.cells && n.id in f.adjoints && !pending(n.id, f)) detail.append(bigHeat("gradient", n.adjoint));
    if (!view) return;
    const counts = `${plural(view.count, "path")} from ${n.name} to ${nodes[spec.target].name}. `;
    detail.append(make("p", {}, counts, `One walk back visits ${plural(view.edges_visited, "edge")}, each once, for all inputs together.`));
    const list = make("ul", { class: "mtf-paths" }, ...view.paths.map((p) => pathItem(p, secret)));
    const total = secret ? "? (predict it first: the stepper asks)" : view.total_text;
    detail.append(list, make("p", { class: "mtf-total" }, n.shape.length ? "" : `Sum over paths: ${derivatives[selected]} = ${total}`));
  }

  function pathItem(path, secret) {
    const route = abridged([nodes[selected].name, ...path.edges.map((e) => nodes[edges[e].dst].name)], 14).join(" → ");
    const factors = abridged(path.factors.map((x) => (x.startsWith("-") ? `(${x})` : x)), 14).join(" × ");
    const product = secret ? "?" : path.product_text;
    const chain = path.factors.length > 1 ? `${factors} = ${product}` : product;
    const item = make("li", { tabindex: "0" }, path.product_text ? `${route}: ${chain}` : route);
    const light = (p) => () => { onePath = p; paintGraph(frames[now]); };
    item.addEventListener("mouseenter", light(path));
    item.addEventListener("focus", light(path));
    item.addEventListener("mouseleave", light(null));
    item.addEventListener("blur", light(null));
    return item;
  }

  function bigHeat(caption, summary) {
    const legendText = make("figcaption", {}, `${caption} `, make("small", {}, "(green +, white 0, purple −)"));
    if (summary.cells.length <= 8 && summary.cells[0]?.length <= 8) return make("figure", {}, legendText, heatTable(summary));
    const canvas = heat(summary), rows = canvas.height, columns = canvas.width;
    const unit = Math.max(4, Math.min(24, 160 / Math.max(rows, columns)));
    canvas.style.width = `${columns * unit}px`;
    canvas.style.height = `${rows * unit}px`;
    const scaleText = `min ${brief(summary.low)}, mean ${brief(summary.mean)}, max ${brief(summary.high)}`;
    const readout = make("span", {}, scaleText);
    canvas.addEventListener("mousemove", (event) => {
      const r = Math.min(rows - 1, Math.floor(event.offsetY / unit)), c = Math.min(columns - 1, Math.floor(event.offsetX / unit));
      readout.textContent = `row ${r}, column ${c}: ${brief(summary.cells[r][c])}`;
    });
    canvas.addEventListener("mouseleave", () => { readout.textContent = scaleText; });
    return make("figure", {}, legendText, canvas, readout);
  }

  // -- size
  function setScale(to) {
    scale = Math.min(2, Math.max(0.2, to));
    svg.style.width = `${size[0] * scale}px`;
    svg.style.height = `${size[1] * scale}px`;
  }

  function fit() {
    const room = stage.clientWidth - 4;
    if (!svg || room <= 0) return;
    const fits = Math.min(1, room / size[0]);
    setScale(fits < MIN_SCALE ? 1 : fits); // too wide to read when squeezed: scroll instead
    zoom.hidden = fits === 1;
    if (frames[now]) follow(frames[now].node);
  }

  function follow(id) {
    const g = id && stage.querySelector(`[data-node="${id}"]`);
    if (!g || stage.scrollWidth <= stage.clientWidth + 4 && stage.scrollHeight <= stage.clientHeight + 4) return;
    const box = g.getBoundingClientRect(), room = stage.getBoundingClientRect();
    if (box.left < room.left + 60 || box.right > room.right - 60) stage.scrollLeft += (box.left + box.right - room.left - room.right) / 2;
    if (box.top < room.top || box.bottom > room.bottom) stage.scrollTop += (box.top + box.bottom - room.top - room.bottom) / 2;
  }

  // -- listening
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation(); // or JupyterLab moves between cells
    const typing = event.target.matches("input[type=text]");
    if (event.key === "Escape") { if (selected) select(""); return; }
    if (typing || event.target === picker && event.key !== "p") return;
    const leaves = ["", ...spec.paths.map((p) => p.source)];
    const act = {
      ArrowRight: () => ask(now + 1), ArrowLeft: () => ask(now - 1), Home: () => ask(0), End: () => ask(last),
      p: () => select(leaves[(leaves.indexOf(selected) + 1) % leaves.length]), t: () => showTable(!tableOpen),
      " ": event.target.matches("button") ? null : () => (timer ? pause() : start()),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  }

  root.addEventListener("keydown", onKey);
  slider.addEventListener("input", () => { const to = Number(slider.value); ask(to); slider.value = now; });
  picker.addEventListener("change", () => select(picker.value));
  stage.addEventListener("click", (event) => {
    const g = event.target.closest(".mtf-node");
    if (g) select(g.dataset.node === selected ? "" : g.dataset.node);
  });
  const onModel = () => {
    const step = model.get("step");
    if (step === now) return;
    for (const q of questions) if (q.step <= step) settled.add(nodes[q.node].name); // Python shows it
    closeGate();
    go(step, false);
  };
  model.on("change:step", onModel);
  const watcher = new ResizeObserver(fit);
  watcher.observe(stage);

  showPlay();
  for (const q of questions) if (q.step <= model.get("step")) settled.add(nodes[q.node].name);
  now = model.get("step");
  showTable(tableOpen);
  return () => { pause(); watcher.disconnect(); model.off("change:step", onModel); };
}

export default { render };
