// ForwardVsReverse in the browser: two pictures of one graph that step together. Left one forward
// pass per input, right one reverse pass per output; below each the Jacobian it has found so far.

function render({ model, el }) {
  const data = model.get("_data"), { spec, inputs, outputs } = data, n = inputs.length, m = outputs.length;
  const frame = openFrame({ model, el }, { title: `${spec.title}: ${plural(n, "input")}, ${plural(m, "output")}` });
  const ops = spec.nodes.filter((node) => node.op).map((node) => node.id), nameOf = byId(spec.nodes);
  const values = Object.fromEntries(spec.nodes.map((node) => [node.id, node.value_text]));
  const active = spec.edges.filter((edge) => edge.active), perPass = ops.length + 1;
  const isWatched = (id) => id in data.forward[0];
  const sides = { forward: sideOf("forward"), reverse: sideOf("reverse") };
  const steps = stepper(frame, { last: Math.max(n, m) * perPass, want: ask });
  const nextPass = () => ask(Math.min(Math.max(n, m) * perPass, (Math.floor(now / perPass) + 1) * perPass));
  let now = 0;

  frame.addControls(button("To the end of this pass (N)", "Next pass", nextPass));
  frame.keys.n = nextPass;
  const modes = make("div", { class: "mtf-modes" }, sides.forward.element, sides.reverse.element);
  frame.body.append(modes);
  frame.legend(["input", "input"], ["const", "not watched"], ["op", "operation"], ["loss", "output"], ["reverse", "tangent flows forward, or cotangent flows back"]);

  // -- one mode: its stage, its counter, its matrix
  function sideOf(mode) {
    const own = { ...spec, mode, nodes: spec.nodes.map((node) => ({ ...node, adjoint: null })) };
    const graph = graphStage({ spec: own, uses: {}, drawing: data.drawing, label: `Graph in ${mode} mode. Left and right arrow keys step.` });
    if (mode === "forward") for (const caption of graph.stage.querySelectorAll(".mtf-grad .mtf-caption")) caption.textContent = "tangent";
    const counter = make("span", { class: "mtf-counter" }), matrix = make("div", { class: "mtf-mode-matrix" });
    const total = mode === "forward" ? n : m;
    const element = make("section", { class: `mtf-mode mtf-mode-${mode}`, "aria-label": `${mode} mode` },
      make("p", {}, make("strong", {}, mode === "forward" ? "forward mode: tangents" : "reverse mode: cotangents"), " ", counter, graph.zoom), graph.stage, matrix);
    return { mode, graph, nodes: byId(own.nodes), counter, matrix, total, element, passes: data[mode] };
  }

  // How far a side is at step k: pass p (from 0) with `done` operations behind it.
  function progress(side, k) {
    if (k === 0) return { p: 0, done: -1, finished: 0 };
    const p = Math.min(Math.floor((k - 1) / perPass), side.total - 1), over = k > side.total * perPass;
    const done = over ? ops.length : (k - 1) % perPass;
    return { p, done, over, finished: p + (done === ops.length ? 1 : 0) };
  }

  // Which nodes have their number after `done` operations of a pass.
  function isKnown(mode, id, done) {
    if (done < 0 || !isWatched(id)) return false;
    if (mode === "forward") return !ops.includes(id) || ops.indexOf(id) < done;
    return active.filter((edge) => edge.src === id).every((edge) => ops.length - ops.indexOf(edge.dst) <= done);
  }

  // -- moving
  function ask(target) {
    if (target === 0) { frame.closeGate(); return go(0); }
    if (!frame.isSettled("forward") || !frame.isSettled("reverse")) steps.pause();
    frame.predict([
      { key: "forward", text: "forward passes for all derivatives", kind: "number", answer: n, hint: (given) => (parseNumber(given) === m && n !== m ? "a forward pass answers for one input: how everything moves when it moves." : "") },
      { key: "reverse", text: "reverse passes for all derivatives", kind: "number", answer: m, hint: (given) => (parseNumber(given) === n && n !== m ? "a reverse pass answers for one output: how it depends on everything." : "") },
    ], () => go(target), { intro: `${plural(n, "input")}, ${plural(m, "output")}. Before you step:` });
  }

  function go(k) {
    now = k;
    steps.show(k);
    const at = {};
    for (const side of Object.values(sides)) at[side.mode] = paintSide(side, progress(side, k));
    frame.phase(k === 0 ? "start" : `step ${(k - 1) % perPass} of ${ops.length} in pass ${Math.floor((k - 1) / perPass) + 1}`, k === 0 ? "start" : "both");
    frame.say(k === 0 ? `Both modes find the same ${m} × ${n} derivatives, in a different order. The values are known; no derivative is.` : `${story(sides.forward, at.forward)} ${story(sides.reverse, at.reverse)}${ending(k)}`);
    Object.assign(frame.root.dataset, { forward: at.forward.finished, reverse: at.reverse.finished });
    frame.refreshTable();
  }

  function paintSide(side, at) {
    const { mode, graph, nodes, passes } = side, found = passes[at.p];
    const op = at.done > 0 && !at.over ? ops[mode === "forward" ? at.done - 1 : ops.length - at.done] : "";
    const adjoints = {}, used = {};
    for (const node of spec.nodes) {
      if (!isKnown(mode, node.id, at.done)) continue;
      adjoints[node.id] = found[node.id].text;
      nodes[node.id].adjoint = found[node.id].summary;
    }
    for (const image of graph.stage.querySelectorAll(".mtf-grad image")) image.removeAttribute("href"); // of another pass
    for (const edge of active) {
      const k = ops.indexOf(edge.dst);
      if (mode === "forward" ? k < at.done : ops.length - k <= at.done) used[edge.id] = 0;
    }
    const phase = at.done < 0 ? "start" : mode === "forward" ? "tangent" : "reverse";
    const edges = active.filter((edge) => edge.dst === op).map((edge) => edge.id);
    graph.paint({ phase, node: op, edges, values, adjoints, addends: {} }, { usedAt: used, now: 0 });
    side.counter.textContent = at.done < 0 ? `0 passes` : at.over ? `done after ${plural(side.total, "pass", "passes")}` : `pass ${at.p + 1}: ${seedText(mode, at.p)}`;
    paintMatrix(side, at);
    return { ...at, op };
  }

  const seedText = (mode, p) => (mode === "forward" ? `${inputs[p]} moves by 1` : `1 at ${outputs[p]}`);

  function paintMatrix(side, at) {
    const table = tableFrom(`Jacobian after ${plural(at.finished, `${side.mode} pass`, `${side.mode} passes`)}`, ["", ...inputs], outputs.map((name, i) => [name, ...inputs.map((_, j) => entry(side.mode, at, i, j))]));
    table.className = "mtf-cells";
    const last = at.finished - 1;
    [...table.tBodies[0].rows].forEach((row, i) => inputs.forEach((_, j) => row.cells[j + 1].classList.toggle("mtf-is-new", last >= 0 && (side.mode === "forward" ? j : i) === last)));
    side.matrix.replaceChildren(table);
  }

  const entry = (mode, at, i, j) => ((mode === "forward" ? j : i) < at.finished ? brief(mode === "forward" ? data.columns[j][i] : data.rows[i][j]) : "?");

  // -- words
  function story(side, at) {
    const forward = side.mode === "forward", pass = `${forward ? "Forward" : "Reverse"} pass ${at.p + 1} of ${side.total}`;
    if (at.over) return `${forward ? "Forward" : "Reverse"} mode is done.`;
    if (at.done === 0) return `${pass}: ${forward ? `${inputs[at.p]} moves by 1, ${n > 1 ? "the other inputs stay" : "nothing else does"}` : `1 at ${outputs[at.p]}${m > 1 ? ", 0 at the other outputs" : ""}`}.`;
    const into = active.filter((edge) => edge.dst === at.op), name = nameOf[at.op].name, found = side.passes[at.p];
    const isPlain = into.every((edge) => edge.partial !== null);
    if (forward) {
      const sum = into.map((edge) => `${inBrackets(edge.partial_text)} × ${inBrackets(found[edge.src].text)}`).join(" + ");
      return `${pass}: ${name} moves by ${isPlain ? `${sum} = ` : "a tangent of shape "}${found[at.op].text}.`;
    }
    const parts = into.map((edge) => (isPlain ? `${nameOf[edge.src].name} gets ${inBrackets(found[at.op].text)} × ${inBrackets(edge.partial_text)}` : `${nameOf[edge.src].name} gets its share`));
    return `${pass}: ${name} passes its ${found[at.op].text} back; ${parts.join(", ")}.`;
  }

  function ending(k) {
    if (k < Math.max(n, m) * perPass) return "";
    const cheaper = n === m ? "Here both cost the same" : n < m ? "Forward mode needs fewer passes: there are fewer inputs than outputs" : "Reverse mode needs fewer passes: there are fewer outputs than inputs";
    return ` The same Jacobian by ${plural(n, "forward pass", "forward passes")} or ${plural(m, "reverse pass", "reverse passes")}. ${cheaper}.`;
  }

  frame.setTable(() => Object.values(sides).flatMap((side) => {
    const at = progress(side, now), found = side.passes[at.p], [word, other] = side.mode === "forward" ? ["tangent", "by"] : ["cotangent", "of"];
    const rows = spec.nodes.map((node) => [node.name, node.text || KINDS[node.kind] || node.kind, values[node.id], !isWatched(node.id) ? "not watched" : isKnown(side.mode, node.id, at.done) ? found[node.id].text : "?"]);
    return [tableFrom(`${side.mode} mode, pass ${at.p + 1} of ${side.total}`, ["name", "computed as", "value", `${word} (${other} ${side.mode === "forward" ? inputs[at.p] : outputs[at.p]})`], rows),
      tableFrom(`Jacobian after ${plural(at.finished, `${side.mode} pass`, `${side.mode} passes`)}`, ["output", ...inputs], outputs.map((name, i) => [name, ...inputs.map((_, j) => entry(side.mode, at, i, j))]))];
  }));

  const width = sides.forward.graph.stage.querySelector("svg")?.width.baseVal.value ?? 0;
  modes.classList.toggle("mtf-is-wide", width * MIN_SCALE > 440); // too wide to stand side by side
  frame.onClose(() => Object.values(sides).forEach((side) => side.graph.close()));
  if (!sides.forward.graph.hasDrawing()) frame.showTable(true);
  go(0);
  ask(1);
  return frame.close;
}

export default { render };
