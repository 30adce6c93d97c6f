// NoneDoctor in the browser: the code, a question about the cause, then the severed link.

function render({ model, el }) {
  const { cases, predict } = model.get("_data");
  const frame = openFrame({ model, el }, { title: "Why is my gradient None?" });
  const code = make("ol", { class: "mtf-listing" });
  const verdict = make("p", { class: "mtf-diagnosis", role: "status", hidden: "" });
  const place = make("div", {});
  let now = 0, remark = "", stage = null;
  const names = cases.map((c, k) => [`${k}`, `${k + 1} of ${cases.length}: ${c.ask}`]);
  const picker = choice({ label: "case", options: names, onChange: (k) => open(Number(k)) });
  const move = (by) => open(Math.min(cases.length - 1, Math.max(0, now + by)));
  if (cases.length > 1) {
    frame.addControls(button("Case before (Left)", ICON.back, () => move(-1)), button("Next case (Right)", ICON.next, () => move(1)), picker.element);
    Object.assign(frame.keys, { ArrowLeft: () => move(-1), ArrowRight: () => move(1) });
  }
  frame.body.append(code, verdict, place);
  frame.setTable(tables);
  frame.onClose(() => stage?.close());

  const isOpen = (c) => predict && !frame.isSettled(c.key);

  function open(k) {
    now = k;
    const c = cases[k];
    picker.set(`${k}`);
    frame.closeGate();
    stage?.close();
    stage = null;
    place.replaceChildren();
    code.replaceChildren(...c.code.map((text, i) => make("li", {}, make("b", {}, `${i + 1}`), make("code", {}, text || " "))));
    code.hidden = c.code.length === 0;
    verdict.hidden = true;
    frame.root.dataset.case = k;
    frame.root.dataset.revealed = "";
    if (!isOpen(c)) return reveal(c);
    frame.phase("examination", "start");
    frame.say(`${c.ask} is ${c.answer}. Read the code: why?`);
    frame.predict([{ key: c.key, text: "The cause", kind: "choice", choices: c.choices, answer: c.short, hint: (given) => hintFor(c, given) }],
      (right) => { remark = right ? "Your diagnosis is right. " : ""; reveal(c); }, { intro: "Before you look:" });
    frame.refreshTable();
  }

  function hintFor(c, given) {
    if (!given) return "";
    return c.line ? `not that. Look at line ${c.line}: what does the tape get to see there?` : "not that. Follow the way from the source to the target.";
  }

  function reveal(c) {
    frame.phase(c.cut.length ? "severed" : "connected", c.cut.length ? "reverse" : "done");
    const names = byId(c.spec.nodes), links = c.spec.edges.filter((e) => c.cut.includes(e.id));
    const severed = links.map((e) => `${names[e.src].name} → ${names[e.dst].name}`);
    frame.say(`${remark}${c.ask} is ${c.answer}: ${c.short}.${severed.length ? ` Severed: ${[...new Set(severed)].join(", ")}.` : ""}`);
    remark = "";
    [...code.children].forEach((item, i) => item.classList.toggle("mtf-is-now", i + 1 === c.line));
    verdict.textContent = c.message;
    verdict.hidden = false;
    frame.legend(["forward", "recorded"], ["unrecorded", "not recorded"], ["reverse", "gradient flows back"], ["cut", "severed link"]);
    frame.refreshTable();
    const asked = now;
    frame.request("drawing", { case: now }, (drawing) => { if (asked === now) paint(c, drawing); });
  }

  function paint(c, drawing) {
    stage?.close();
    const uses = Object.fromEntries(c.spec.nodes.map((n) => [n.id, 0]));
    stage = graphStage({ spec: c.spec, uses, drawing, label: "What ran between source and target. The table holds the same." });
    place.replaceChildren(stage.stage);
    const known = c.spec.nodes.filter((n) => n.adjoint !== null);
    const frameNow = { phase: "done", node: "", edges: [], addends: {}, values: Object.fromEntries(c.spec.nodes.map((n) => [n.id, n.value_text])),
      adjoints: Object.fromEntries(known.map((n) => [n.id, n.adjoint_text])) };
    const usedAt = Object.fromEntries(c.spec.edges.filter((e) => e.active).map((e) => [e.id, 0]));
    stage.paint(frameNow, { usedAt, now: 0, selected: c.source });
    for (const g of place.querySelectorAll(".mtf-edge")) {
      const id = g.dataset.edge;
      mark(g, { unrecorded: c.unrecorded.includes(id), never: c.never.includes(id), cut: c.cut.includes(id) });
    }
    addCrosses([...place.querySelectorAll(".mtf-edge")].filter((g) => c.cut.includes(g.dataset.edge)));
    bringIntoView(place.querySelector(".mtf-cross"), stage.stage);
    frame.root.dataset.revealed = c.cause;
    frame.root.dataset.cut = c.cut.length;
  }

  // Scrolls the picture, never the page.
  function bringIntoView(mark, box) {
    if (!mark) return;
    const place = mark.getBoundingClientRect(), room = box.getBoundingClientRect();
    if (place.left < room.left || place.right > room.right) box.scrollLeft += place.left - (room.left + room.right) / 2;
    if (place.top < room.top || place.bottom > room.bottom) box.scrollTop += place.top - (room.top + room.bottom) / 2;
  }

  // A cross in the middle of each line; lines that lie as close as those of x * x share one.
  function addCrosses(edges) {
    const marks = [];
    for (const g of edges) {
      const path = g.querySelector("path"), { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
      const near = marks.find((m) => Math.hypot(m.x - x, m.y - y) < 20);
      if (near) Object.assign(near, { g, x: (near.x + x) / 2, y: (near.y + y) / 2 });
      else marks.push({ g, x, y });
    }
    for (const { g, x, y } of marks) g.append(cross(x, y));
  }

  // A cross in a circle.
  function cross(x, y) {
    return draw("g", { class: "mtf-cross", transform: `translate(${x} ${y})` },
      draw("circle", { r: 9 }), draw("path", { d: "M-4,-4L4,4M-4,4L4,-4" }), draw("title", {}, "severed here"));
  }

  function tables() {
    const c = cases[now];
    const lines = tableFrom("Code", ["line", "text"], c.code.length ? c.code.map((text, i) => [`${i + 1}`, text]) : [["–", c.ask]]);
    if (isOpen(c)) return [lines];
    const nodes = byId(c.spec.nodes);
    const way = (e) => (c.cut.includes(e.id) ? "severed" : c.unrecorded.includes(e.id) ? "not recorded" : e.active ? "gradient flows back" : "no gradient");
    const links = c.spec.edges.map((e) => [`${nodes[e.src].name} → ${nodes[e.dst].name}`, way(e)]);
    const values = c.spec.nodes.map((n) => [n.name, n.text || KINDS[n.kind] || "", n.value_text, n.adjoint_text === NOT_WATCHED ? "not watched" : n.adjoint_text]);
    return [lines, tableFrom("Links", ["from → to", "what became of it"], links.length ? links : [["–", "nothing was recorded"]]),
      tableFrom("Values", ["name", "computed as", "value", "gradient"], values)];
  }

  open(0);
  return frame.close;
}

export default { render };
