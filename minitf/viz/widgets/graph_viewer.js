// GraphViewer in the browser: frames of a GraphSpec, one after another. graph_viewer.py is the
// Python side, graph_parts.js paints the graph.

const PHASES = { start: "start", forward: "forward: values", seed: "backward: seed", reverse: "backward: gradients", tangent: "forward: values and tangents", done: "done" };

function render({ model, el }) {
  const { spec, questions, uses, drawing, group_names: groupNames } = model.get("_data");
  const forward = spec.mode === "forward";
  const frame = openFrame({ model, el }, { title: spec.title });
  const frames = unfold(spec.steps), usedAt = usedAtOf(frames);
  const last = Math.max(0, frames.length - 1);
  const nodes = byId(spec.nodes), edges = byId(spec.edges);
  let now = model.get("step"), selected = "", onePath = null, remark = "", alight = [], closed = drawing.closed;
  const asked = questions.map((q) => ({ ...q, key: nodes[q.node].name, hint: (given) => hintFor(q, given) }));
  const shownFromPython = new Set(); // keys whose answers are no secret any more
  const seenFromPython = (step) => asked.filter((q) => q.step <= step).forEach((q) => shownFromPython.add(q.key));
  const isOpen = (q) => !frame.isSettled(q.key) && !shownFromPython.has(q.key);

  // -- page furniture
  const graph = graphStage({ spec, uses, drawing, onPick: (id) => select(id === selected ? "" : id) });
  const code = sourceLines(spec, (ids) => { alight = ids; if (frames[now]) paintGraph(frames[now]); });
  const detail = make("div", { class: "mtf-detail", hidden: "" });
  const picker = make("select", { "aria-label": "Look at a node and its paths (P)", title: "Look at a node and its paths (P)" }, new Option("Look at …", ""),
    ...groupNames.map((name, k) => new Option(`group ${name}`, `g${k}`)), ...spec.nodes.map((n) => new Option(n.name, n.id)));
  const foldAll = button("Fold groups (G)", "Fold groups", () => fold(closed.length < groupNames.length ? groupNames : []));
  const steps = stepper(frame, { last, want: ask, interval: () => model.get("interval") });
  frame.addControls(picker);
  if (groupNames.length) { frame.addControls(foldAll); frame.keys.g = () => foldAll.click(); }
  frame.controls.append(graph.zoom);
  frame.legend(...(forward ? LEGEND_FORWARD : LEGEND), ...(spec.nodes.some((n) => n.value.cells) ? [["heat", "below 0, 0, above 0"]] : []));
  if (code.element) frame.body.append(code.element);
  frame.body.append(graph.stage);
  frame.table.before(detail);

  // -- moving
  function ask(target) {
    const first = asked.find((q) => isOpen(q) && q.step <= target);
    if (!first) { frame.closeGate(); return go(target); }
    const resume = steps.playing();
    steps.pause();
    if (now !== first.step - 1) go(first.step - 1);
    const due = asked.filter((q) => isOpen(q) && q.step === first.step);
    frame.predict(due, (right) => settled(right, target, resume), { onStop: () => remember(asked.filter(isOpen)) });
    paint();
  }

  function settled(right, target, resume) {
    remark = right ? "Your prediction is right. " : "";
    ask(resume ? now + 1 : target);
    if (resume && !frame.root.dataset.asking) steps.start();
  }

  function remember(skipped) {
    const all = { ...model.get("predictions") };
    for (const q of skipped) all[q.key] = { answer: "", right: false };
    model.set("predictions", all);
  }

  function go(step, tell = true) {
    now = step;
    paint();
    if (tell && model.get("step") !== now) { model.set("step", now); model.save_changes(); }
  }

  function hintFor(q, text) {
    if (q.kind === "shape") return `not ${text || "empty"}. A gradient has the shape of what you differentiate by.`;
    const given = parseNumber(text);
    if (given === null || (given === -toNumber(q.answer) && given !== 0)) return ""; // the gate's own words
    const parts = spec.edges.filter((e) => e.active && (forward ? e.dst : e.src) === q.node);
    if (!forward && parts.length > 1 && parts.some((e) => toNumber(e.contribution) === given)) {
      return `${text} is one contribution; ${nodes[q.node].name} is used ${parts.length} times. Add them up.`;
    }
    if (forward) return `not ${text}. Multiply the tangents that arrive by the local derivatives, and add.`;
    return `not ${text}. Multiply the gradient that arrives at the operation by the local derivative.`;
  }

  // -- painting one frame
  function paint() {
    const f = frames[now];
    steps.show(now);
    frame.phase(PHASES[f?.phase ?? "start"], f?.phase ?? "start");
    frame.say(f ? remark + f.sentence : "This picture has no steps.");
    remark = "";
    if (f) { paintGraph(f); code.light(f.phase === "reverse" && f.edges.length ? edges[f.edges[0]].dst : f.node); }
    frame.refreshTable();
    if (selected) paintDetail(f);
  }

  function paintGraph(f) {
    const due = (frame.root.dataset.asking ?? "").split(" ");
    graph.paint(f, { usedAt, now, selected, alight, lit: litEdges(), asked: asked.filter((q) => due.includes(q.key)).map((q) => q.node) });
  }

  frame.setTable(() => {
    const f = frames[now];
    if (!f) return [];
    const valueRows = spec.nodes.map((n) => [n.name, n.text || KINDS[n.kind], shapeText(n.shape),
      f.values[n.id] ?? "?", gradientOf(n, f, graph.isPending(n.id, f), spec.mode)[1]]);
    const edgeRows = spec.edges.filter((e) => e.active).map((e) => {
      const used = usedAt[e.id] <= now;
      const [from, to] = forward ? [e.src, e.dst] : [e.dst, e.src];
      return [`${nodes[from].name} → ${nodes[to].name}`, e.symbol, used ? [...new Set([e.rule, e.partial_text])].filter(Boolean).join(" = ") : "?", used ? e.contribution_text : "?"];
    });
    return [
      tableFrom(`Values and ${forward ? "tangents" : "gradients"} at step ${now}`, ["name", "computed as", "shape", "value", forward ? `∂name/∂${nodes[spec.source].name}` : `∂${nodes[spec.target].name}/∂name`], valueRows),
      tableFrom(`Local derivatives and contributions at step ${now}`, [forward ? "tangent flows" : "gradient flows", "local derivative", "equals", "contribution"], edgeRows),
    ];
  });

  // -- folding groups: the kernel lays the graph out again
  function fold(names) {
    frame.request("fold", { closed: names }, (next) => {
      closed = next.closed;
      graph.show(next);
      showFolding();
      paint();
      if (selected) graph.follow(selected);
    });
  }

  function showFolding() {
    foldAll.textContent = closed.length < groupNames.length ? "Fold groups" : "Open groups";
    frame.root.dataset.closed = closed.join(" ");
  }

  function foldButton(id) {
    const box = drawing.groups[id] ?? Object.values(drawing.groups).find((b) => b.members.includes(id));
    if (!box) return [];
    const isClosed = closed.includes(box.name);
    const others = closed.filter((name) => name !== box.name);
    return [button(isClosed ? `Open group ${box.name}` : `Fold group ${box.name}`, isClosed ? `Open group ${box.name}` : `Fold group ${box.name}`,
      () => fold(isClosed ? others : [...others, box.name]))];
  }

  // -- looking at one node and its paths
  function select(id) {
    selected = id;
    onePath = null;
    picker.value = id;
    detail.hidden = !id;
    paint();
    graph.follow(id);
  }

  function litEdges() {
    const view = spec.paths.find((p) => p.source === selected);
    if (!view) return null;
    return new Set((onePath ? [onePath] : view.paths).flatMap((p) => p.edges));
  }

  function paintBox(box) {
    const inside = box.members.map((id) => nodes[id]), made = nodes[box.shown];
    detail.replaceChildren(make("p", {}, make("strong", {}, box.name), `: ${plural(inside.length, "node")}, ${inside.map((n) => n.name).join(", ")}. `,
      `Out of it comes ${made.name}; its gradient is what arrives at the box.`), ...foldButton(selected));
  }

  function paintDetail(f) {
    if (selected in drawing.groups) return paintBox(drawing.groups[selected]);
    const n = nodes[selected], view = spec.paths.find((p) => p.source === selected);
    const secret = asked.some((q) => (forward || q.node === selected) && isOpen(q));
    const where = n.line ? [`, line ${n.line}: `, make("code", {}, n.source)] : [];
    const shape = n.shape.length ? `shape ${shapeText(n.shape)}` : "scalar";
    detail.replaceChildren(make("p", {}, make("strong", {}, n.name), n.text ? ` = ${n.text}` : "", ` (${shape}, ${n.dtype})`, ...where), ...foldButton(selected));
    if (n.value.cells && n.id in f.values) detail.append(bigHeat("value", n.value));
    if (n.adjoint?.cells && n.id in f.adjoints && !graph.isPending(n.id, f)) detail.append(bigHeat("gradient", n.adjoint));
    if (!view) return;
    const apart = view.paths.reduce((sum, p) => sum + p.edges.length, 0), shownAll = view.count === view.paths.length;
    const counts = `${plural(view.count, "path")} from ${n.name} to ${nodes[spec.target].name}${shownAll ? `, ${plural(apart, "arrow")} when each is walked on its own` : ""}. `;
    detail.append(make("p", {}, counts, forward ? `One walk forward visits ${plural(view.edges_visited, "arrow")}, each once, for this input alone.`
      : `One walk back visits ${plural(view.edges_visited, "arrow")}, each once, for all inputs together.`));
    const list = make("ul", { class: "mtf-paths" }, ...view.paths.map((p) => pathItem(p, secret)));
    const total = secret ? "? (predict it first: the stepper asks)" : view.total_text;
    if (!shownAll) list.append(make("li", {}, `… and ${(view.count - view.paths.length).toLocaleString("en")} more paths`));
    detail.append(list, make("p", { class: "mtf-total" }, n.shape.length ? "" : `Sum over paths: ∂${nodes[spec.target].name}/∂${n.name} = ${total}`));
  }

  function pathItem(path, secret) {
    const route = abridged([nodes[selected].name, ...path.edges.map((e) => nodes[edges[e].dst].name)], 14).join(" → ");
    const factors = abridged(path.factors.map(inBrackets), 14).join(" × ");
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

  // -- listening
  const leaves = ["", ...spec.paths.map((p) => p.source)];
  frame.keys.p = () => select(leaves[(leaves.indexOf(selected) + 1) % leaves.length]);
  frame.keys.Escape = () => { if (selected) select(""); };
  picker.addEventListener("change", () => select(picker.value));
  const onModel = () => {
    const step = model.get("step");
    if (step === now) return;
    seenFromPython(step);
    frame.closeGate();
    go(step, false);
  };
  model.on("change:step", onModel);
  frame.onClose(() => { model.off("change:step", onModel); graph.close(); });

  seenFromPython(now);
  if (!graph.hasDrawing()) frame.showTable(true);
  showFolding();
  paint();
  return frame.close;
}

export default { render };
