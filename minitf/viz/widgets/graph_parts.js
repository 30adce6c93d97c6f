// The picture of a graph: a drawing with empty slots, made in Python, whose words and classes are
// switched here. Nothing moves. Shared by the widgets that show graphs.

const NOT_WATCHED = "–";
const KINDS = { input: "input", param: "parameter", const: "not watched" };
const MIN_SCALE = 0.72;
const LEGEND = [["input", "input"], ["param", "parameter"], ["const", "not watched"], ["op", "operation"],
  ["loss", "result"], ["forward", "value flows forward"], ["reverse", "gradient flows back"]];
const LEGEND_FORWARD = [...LEGEND.slice(0, -1), ["reverse", "tangent flows forward"]];

// Frames are sent as differences; this puts them together again.
function unfold(steps) {
  let values = {}, adjoints = {}, addends = {};
  return steps.map((step) => {
    values = { ...values, ...step.values };
    adjoints = { ...adjoints, ...step.adjoints };
    addends = { ...addends, ...step.addends };
    return { ...step, values, adjoints, addends };
  });
}

// "Σ 1 + (-3) = -2", or with ? for contributions that are still missing.
function sumText(addends, uses, total) {
  const signed = addends.map(inBrackets);
  if (uses > 4 || signed.some((x) => x.includes(","))) return `Σ ${addends.length} of ${uses}`;
  const missing = Math.max(0, uses - addends.length);
  const sum = [...signed, ...Array(missing).fill("?")].join(" + ");
  return missing ? `Σ ${sum}` : `Σ ${sum} = ${total}`;
}

const byId = (things) => Object.fromEntries(things.map((thing) => [thing.id, thing]));

// Edge id -> the frame that sends a gradient back along it.
function usedAtOf(frames) {
  const used = {};
  for (const f of frames) if (["reverse", "tangent"].includes(f.phase)) for (const e of f.edges) used[e] ??= f.index;
  return used;
}

// What the gradient slot says: [caption, text]. In forward mode it holds a tangent.
function gradientOf(n, f, isPending, mode = "reverse") {
  const [long, word, none] = mode === "forward" ? ["tangent", "tangent", ["start"]] : ["gradient", "grad", ["start", "forward"]];
  if (n.adjoint_text === NOT_WATCHED) return ["", "not watched"];
  if (none.includes(f.phase)) return ["", `no ${long} yet`];
  if (n.id in f.adjoints) return [word, f.adjoints[n.id] + (isPending ? " so far" : "")];
  return n.adjoint_text === "none" ? ["", "no path"] : [word, "?"];
}

// The scrolling, zooming stage with the drawing in it. `onPick(id)` is called for a click on a node.
// A drawing: {svg, groups: {box id: {name, members, shown}}}; boxes stand for folded groups.
function graphStage({ spec, uses, drawing, onPick, label = "Graph. Left and right arrow keys step." }) {
  const stage = make("div", { class: "mtf-stage", tabindex: "0", role: "region", "aria-label": label });
  stage.dataset.mode = spec.mode;
  const zoom = make("span", { class: "mtf-zoom" }, button("Zoom out", "−", () => setScale(scale / 1.25)),
    button("Zoom in", "+", () => setScale(scale * 1.25)));
  let nodes = byId(spec.nodes), edges = byId(spec.edges);
  let scale = 1, followed = "", svg, size, nodeParts, edgeParts, boxes, boxOf;

  const isPending = (id, f) => id in f.addends && f.addends[id].length < uses[id];
  const place = (id) => (nodeParts[id] ? id : boxOf[id]); // where a node is seen

  // Another drawing of the same graph.
  function show(next) {
    stage.innerHTML = next.svg || "<p>The table below holds the same data.</p>";
    svg = stage.querySelector("svg");
    size = svg && [svg.width.baseVal.value, svg.height.baseVal.value];
    boxes = next.groups ?? {};
    boxOf = {};
    for (const [id, box] of Object.entries(boxes)) for (const member of box.members) boxOf[member] = id;
    nodeParts = {};
    for (const g of stage.querySelectorAll(".mtf-node")) {
      nodeParts[g.dataset.node] = { g, value: g.querySelector(".mtf-value"), grad: g.querySelector(".mtf-grad"), sum: g.querySelector(".mtf-sum") };
    }
    edgeParts = [...stage.querySelectorAll("[data-edge]")].map((g) => ({ g, edge: edges[g.dataset.edge] }));
    fit();
  }

  // The same function with other numbers. `labels`: edge id -> the two lines on it; a `drawing` is
  // there only if nodes came or went.
  function update({ spec: next, uses: nextUses, labels, drawing: redrawn }) {
    [nodes, edges, uses] = [byId(next.nodes), byId(next.edges), nextUses];
    if (redrawn) return show(redrawn);
    for (const part of edgeParts) {
      part.edge = edges[part.g.dataset.edge];
      const words = part.g.querySelectorAll("text");
      if (words.length) labels[part.edge.id].forEach((text, k) => { words[k].textContent = text; });
    }
  }

  // state: {usedAt, now, selected, lit: Set of edge ids or null, asked: [node ids], alight: [node ids]}
  function paint(f, { usedAt, now, selected = "", lit = null, asked = [], alight = [] }) {
    if (!svg) return;
    const back = spec.mode === "reverse" && !["start", "forward"].includes(f.phase);
    const selectedPlace = place(selected) ?? selected, askedPlaces = asked.map(place), alightPlaces = alight.map(place);
    for (const [id, parts] of Object.entries(nodeParts)) {
      const n = nodes[boxes[id]?.shown ?? id], [caption, text] = gradientOf(n, f, isPending(n.id, f), spec.mode);
      const known = n.id in f.values, has = n.id in f.adjoints;
      mark(parts.g, { known, "has-grad": has, now: place(f.node) === id, selected: selectedPlace === id || alightPlaces.includes(id), asked: askedPlaces.includes(id) });
      fill(parts.value, "value", known ? f.values[n.id] : "?", known && n.value.cells ? n.value : null);
      fill(parts.grad, caption, text, has && n.adjoint?.cells && !isPending(n.id, f) ? n.adjoint : null);
      paintSum(parts.sum, n.id, f);
    }
    for (const { g, edge } of edgeParts) {
      mark(g, { known: edge.dst in f.values, used: usedAt[edge.id] <= now, now: f.edges.includes(edge.id), back: back && edge.active, lit: lit?.has(edge.id), dim: lit && !lit.has(edge.id) });
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

  // -- size
  function setScale(to) {
    if (!svg) return;
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
    follow(followed);
  }

  function follow(id) {
    followed = id;
    const g = nodeParts[place(id)]?.g;
    if (!g || stage.scrollWidth <= stage.clientWidth + 4 && stage.scrollHeight <= stage.clientHeight + 4) return;
    const box = g.getBoundingClientRect(), room = stage.getBoundingClientRect();
    if (box.left < room.left + 60 || box.right > room.right - 60) stage.scrollLeft += (box.left + box.right - room.left - room.right) / 2;
    if (box.top < room.top || box.bottom > room.bottom) stage.scrollTop += (box.top + box.bottom - room.top - room.bottom) / 2;
  }

  stage.addEventListener("click", (event) => {
    const g = event.target.closest(".mtf-node");
    if (g) onPick?.(g.dataset.node);
  });
  const watcher = new ResizeObserver(fit);
  watcher.observe(stage);
  show(drawing);
  return { stage, zoom, hasDrawing: () => Boolean(svg), show, update, paint, follow, isPending, close: () => watcher.disconnect() };
}

function mark(element, flags) {
  for (const [name, on] of Object.entries(flags)) element.classList.toggle(`mtf-is-${name}`, Boolean(on));
}

// The learner's lines that made nodes, in order. {element or null, light(node ids)}.
function sourceLines(spec, onLight) {
  const lines = new Map();
  for (const n of spec.nodes) {
    if (!n.line) continue;
    const key = `${n.line} ${n.source}`;
    if (!lines.has(key)) lines.set(key, { line: n.line, source: n.source, ids: [] });
    lines.get(key).ids.push(n.id);
  }
  const inOrder = [...lines.values()].sort((a, b) => a.line - b.line);
  const items = inOrder.map(({ line, source, ids }) => {
    const item = make("li", { tabindex: "0", "aria-label": `line ${line}: ${source}` }, make("b", {}, `${line}`), make("code", {}, source));
    for (const on of ["focus", "mouseenter"]) item.addEventListener(on, () => onLight(ids));
    for (const off of ["blur", "mouseleave"]) item.addEventListener(off, () => onLight([]));
    return item;
  });
  function light(id) {
    items.forEach((item, k) => {
      const on = inOrder[k].ids.includes(id);
      if (on && !item.classList.contains("mtf-is-now")) item.scrollIntoView?.({ block: "nearest", inline: "nearest" });
      mark(item, { now: on });
    });
  }
  return { element: items.length ? make("ol", { class: "mtf-code", "aria-label": "Source lines" }, ...items) : null, light };
}

// Words for a number, a heat map for an array.
function fill(slot, caption, text, summary) {
  const image = slot.querySelector("image");
  if (!image) return slot.replaceChildren(...(caption ? [tspan("mtf-tag", caption + " "), tspan("mtf-number", text)] : [tspan("mtf-tag", text)]));
  const words = slot.querySelector(".mtf-slot");
  words.textContent = summary ? "" : /^(\?|no |not )/.test(text) ? text.replace(/.*yet|.*watched|no path/, "–") : "…";
  image.setAttribute("visibility", summary ? "visible" : "hidden");
  if (summary && !image.hasAttribute("href")) {
    const cells = heatCanvas(summary.cells, largestIn(summary));
    const unit = Math.min(42 / cells.width, 26 / cells.height);
    const [w, h] = [Math.max(8, cells.width * unit), Math.max(8, cells.height * unit)];
    for (const [k, v] of Object.entries({ href: cells.toDataURL(), width: w, height: h, x: -w / 2, y: 19 - h / 2 })) image.setAttribute(k, v);
  }
}

const tspan = (name, text) => draw("tspan", { class: name }, text);
const largestIn = (summary) => Math.max(Math.abs(summary.low ?? 0), Math.abs(summary.high ?? 0)) || 1;

// An array large enough to read: numbers if it is small, a canvas with a read-out if not.
function bigHeat(caption, summary) {
  const legendText = make("figcaption", {}, `${caption} `, make("small", {}, "(green +, white 0, purple −)"));
  if (summary.cells.length <= 8 && summary.cells[0]?.length <= 8) return make("figure", {}, legendText, heatTable(summary.cells, largestIn(summary)));
  const canvas = heatCanvas(summary.cells, largestIn(summary)), rows = canvas.height, columns = canvas.width;
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

// At most `most` parts: the first ones, an ellipsis, the last three.
const abridged = (parts, most) => (parts.length <= most ? parts : [...parts.slice(0, most - 4), "…", ...parts.slice(-3)]);

export { unfold, sumText };
