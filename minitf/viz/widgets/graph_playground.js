// GraphPlayground in the browser: sliders ask the kernel; the drawing stays, its numbers change.

function render({ model, el }) {
  const start = model.get("_data");
  const { knobs, predict } = start;
  let data = start;
  const name = byId(start.spec.nodes)[start.spec.target].name;
  const frame = openFrame({ model, el }, { title: `${name}: drag its inputs` });
  const graph = graphStage({ spec: start.spec, uses: start.uses, drawing: start.drawing, label: "Graph with values and gradients." });
  const code = sourceLines(start.spec, (ids) => { alight = ids; paint(); });
  const check = make("div", { class: "mtf-check" });
  const sliders = knobs.map((knob) => slider({ label: knob.name, min: knob.low, max: knob.high, value: knob.start, onInput: evaluate }));
  const reset = button("Back to the start (R)", "Start", toStart);
  let revealed = !predict || frame.isSettled("sign"), alight = [];

  frame.addControls(...sliders.map((s) => s.element), reset);
  frame.controls.append(graph.zoom);
  frame.keys.r = toStart;
  frame.legend(...LEGEND);
  if (code.element) frame.body.append(code.element);
  frame.body.append(graph.stage, check);

  function values() {
    return Object.fromEntries(knobs.map((knob, k) => [knob.name, sliders[k].value()]));
  }

  function toStart() {
    knobs.forEach((knob, k) => sliders[k].set(knob.start));
    evaluate();
  }

  function evaluate() {
    frame.request("evaluate", { values: values() }, (reply) => {
      data = reply;
      graph.update(reply);
      paint();
    }, { every: true });
  }

  // One frame: everything is known; gradients only when they may be seen.
  function frameNow() {
    const last = data.spec.steps[0];
    if (revealed) return { ...last, phase: "done", node: "", edges: [] };
    return { ...last, phase: "forward", node: "", edges: [], adjoints: {}, addends: {} };
  }

  function paint() {
    const usedAt = revealed ? Object.fromEntries(data.spec.edges.filter((e) => e.active).map((e) => [e.id, 0])) : {};
    graph.paint(frameNow(), { usedAt, now: 0, alight });
    frame.phase(revealed ? "values and gradients" : "values", revealed ? "done" : "forward");
    for (const knob of knobs) frame.root.dataset[`at${knob.name.replace(/\W/g, "")}`] = data.values[knob.name];
    check.replaceChildren(checkTable());
    frame.say(inWords());
    frame.refreshTable();
  }

  function checkTable() {
    const rows = data.check.map((row) => [row.text, revealed ? row.gradient_text : "?", revealed ? row.difference_text : "?",
      !revealed ? "" : row.agree ? "equal" : "differ: is there a kink or a jump here?"]);
    const table = tableFrom("Is it right?", ["", "by the tape", "by a central difference", ""], rows);
    [...table.querySelectorAll("tbody tr")].forEach((tr, k) => mark(tr, { wrong: revealed && !data.check[k].agree }));
    return table;
  }

  function inWords() {
    const at = Object.entries(data.values).map(([key, v]) => `${key} = ${brief(v)}`).join(", ");
    const target = byId(data.spec.nodes)[data.spec.target];
    if (!revealed) return `At ${at}: ${target.name} = ${target.value_text}.`;
    return `At ${at}: ${target.name} = ${target.value_text}, ${data.check.map((row) => `${row.text} = ${row.gradient_text}`).join(", ")}.`;
  }

  frame.setTable(() => [
    tableFrom("Values and gradients", ["name", "computed as", "value", "gradient"], data.spec.nodes.map((n) =>
      [n.name, n.text || KINDS[n.kind], n.value_text, gradientOf(n, frameNow(), false)[1]])),
    tableFrom("Local derivatives", ["derivative", "equals", "contribution"], data.spec.edges.filter((e) => e.active).map((e) =>
      [e.symbol, revealed ? e.partial_text : "?", revealed ? e.contribution_text : "?"])),
  ]);

  frame.onClose(graph.close);
  paint();
  const first = data.check.find((row) => row.gradient !== null);
  if (!revealed && first) {
    const answer = () => data.check.find((row) => row.name === first.name)?.gradient ?? 0;
    const hint = () => `move ${first.name} a little to the right and look at ${name}: does it grow or shrink?`;
    frame.predict([{ key: "sign", text: `${first.text} is`, kind: "sign", answer, hint }], () => { revealed = true; paint(); });
  } else { revealed = true; paint(); }
  return frame.close;
}

export default { render };
