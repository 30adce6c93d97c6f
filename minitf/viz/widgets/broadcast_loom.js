// BroadcastLoom in the browser: three rows (a, b, result) and four columns (values, copies,
// gradients that arrive, their sums). A frame is how far the cloth is woven. broadcast_loom.py
// computes every number.

function render({ model, el }) {
  let cloth = model.get("_data"), frames = [];
  const frame = openFrame({ model, el }, { title: "Broadcasting: copy forward, add up backward" });
  const typed = [0, 1].map((k) => make("input", { type: "text", size: 8, autocomplete: "off", "aria-label": `Shape of operand ${k + 1}` }));
  // how many steps there are would tell whether the shapes fit
  const isFitKnown = () => frames.length > 0 && frame.isSettled(`fit ${id()}`);
  const steps = stepper(frame, { last: 1, want: ask, label: (k, n) => (isFitKnown() ? `step ${k} of ${n}` : `step ${k}`) });
  const cells = choice({ label: "follow", options: [["", "a number …"]], onChange: follow });
  const loom = make("div", { class: "mtf-loom", tabindex: "0", role: "region", "aria-label": "The loom. Left and right arrow keys step, F follows the next number." });
  let now = 0, followed = "";

  frame.addControls(cells.element, make("span", { class: "mtf-loom-new" }, "shapes ", typed[0], " and ", typed[1]), button("Weave these shapes (W)", "Weave", reweave));
  frame.keys.w = reweave;
  frame.keys.f = followNext;
  for (const input of typed) input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); reweave(); } });
  frame.body.append(loom);
  frame.legend(["forward", "value and its copies"], ["reverse", "gradient, and what it is the sum of"]);

  // -- the frames of a cloth, in order; `asks` stands before what it would give away
  function framesOf() {
    const [a, b] = cloth.names, [A, B] = cloth.operands, both = `${a} ${cloth.sign} ${b}`;
    const start = { phase: "start", shows: [], text: `${a} has shape ${shapeText(A.shape)}, ${b} has shape ${shapeText(B.shape)}.` };
    const asksFit = { key: `fit ${id()}`, text: `do ${shapeText(A.shape)} and ${shapeText(B.shape)} broadcast?`, kind: "choice", choices: ["yes", "no"], answer: cloth.error ? "no" : "yes",
      hint: () => "compare the sizes from the last axis backwards. They must be equal, or one of them 1." };
    if (cloth.error) return [start, { phase: "error", asks: [asksFit], shows: ["axes"], text: refusal() }];
    const asksShape = { key: `shape ${id()}`, text: `shape of ${both}`, kind: "shape", answer: cloth.shape, hint: shapeHint };
    return [start,
      { phase: "forward", asks: [asksFit, asksShape], shows: ["axes"], text: `The shapes are lined up at the last axis. Each axis of the result has the larger size: ${shapeText(cloth.shape)}.` },
      { phase: "forward", shows: ["axes", "copies-0"], text: copying(0) },
      { phase: "forward", shows: ["axes", "copies-0", "copies-1"], text: copying(1) },
      { phase: "forward", shows: ["axes", "copies-0", "copies-1", "result"], text: `Now both have shape ${shapeText(cloth.shape)}, and ${both} works number by number.` },
      { phase: "seed", shows: ["axes", "copies-0", "copies-1", "result", "upstream"], text: "Backwards: this gradient arrives at the result, one number for each of its numbers." },
      ...backward(0, []), ...backward(1, ["arriving-0", "sum-0"])];
  }

  function backward(k, before) {
    const name = cloth.names[k], x = cloth.operands[k];
    const shows = ["axes", "copies-0", "copies-1", "result", "upstream", ...before];
    const asks = [{ key: `gradient of ${name} in ${id()}`, text: `shape of the gradient of ${name}`, kind: "shape", answer: x.shape,
      hint: (given) => `not ${given || "empty"}. Copying is undone by adding: a gradient has the shape of what you differentiate by.` }];
    const sum = x.copies > 1
      ? `The ${x.copies} copies of each number of ${name} add their gradients: ${sumOf(k, 0)}. The gradient of ${name} has the shape of ${name}, ${shapeText(x.shape)}${axesSummed(k)}.`
      : `${name} was not copied, so nothing is added: its gradient is what arrived, shape ${shapeText(x.shape)}.`;
    return [{ phase: "reverse", asks, shows: [...shows, `arriving-${k}`], text: `Every copy of ${name} gets a gradient of its own: ${cloth.values.length} numbers, one per place in the result.` },
      { phase: "reverse", shows: [...shows, `arriving-${k}`, `sum-${k}`], text: sum }];
  }

  const id = () => `${shapeText(cloth.operands[0].shape)} and ${shapeText(cloth.operands[1].shape)}`;

  function copying(k) {
    const name = cloth.names[k], x = cloth.operands[k];
    if (x.copies === 1) return `${name} has as many numbers as the result: nothing is copied.`;
    const along = cloth.axes.map((axis, i) => [axis["ab"[k]], axis.result, i]).filter(([has, wants]) => has !== wants)
      .map(([has, wants, i]) => (has === null ? `a new axis ${i} of size ${wants}` : `axis ${i} from 1 to ${wants}`));
    return `${name} is copied along ${along.join(" and ")}: each of its numbers stands in ${x.copies} places.`;
  }

  function axesSummed(k) {
    const axes = cloth.axes.map((axis, i) => [axis["ab"[k]], axis.result, i]).filter(([has, wants]) => has !== wants).map(([, , i]) => i);
    return ` (summed over axis ${axes.join(" and ")})`;
  }

  function sumOf(k, index) {
    const { of, arriving, gradient } = cloth.operands[k];
    const terms = arriving.filter((_, i) => of[i] === index).map((g) => inBrackets(brief(g)));
    const shown = terms.length > 6 ? [...terms.slice(0, 4), "…", terms.at(-1)] : terms;
    return `${shown.join(" + ")} = ${brief(gradient[index])}`;
  }

  function shapeHint(given) {
    const numbers = (given.match(/\d+/g) ?? []).map(Number);
    if (numbers.length === 0) return "";
    if (numbers.length !== cloth.shape.length) return `not ${given}. The result has as many axes as the operand with the most: ${cloth.shape.length}.`;
    return `not ${given}. Axis by axis: where one has size 1 or no axis at all, the other's size is taken.`;
  }

  function refusal() {
    const clash = cloth.axes.findLastIndex((axis) => axis.result === null), { a, b } = cloth.axes[clash];
    return `They do not broadcast: in axis ${clash} stands ${a} against ${b}. Neither is 1, so nothing can be copied. minitf says: ${cloth.error}`;
  }

  // -- moving
  function ask(target) {
    const due = frames.slice(0, target + 1).flatMap((f, k) => (f.asks ?? []).map((q) => [q, k])).find(([q]) => !frame.isSettled(q.key));
    if (!due) { frame.closeGate(); return go(target); }
    const resume = steps.playing();
    steps.pause();
    if (now !== due[1] - 1) go(due[1] - 1);
    frame.predict([due[0]], () => { ask(target); if (resume && !frame.root.dataset.asking) steps.start(); });
  }

  function go(step) {
    now = step;
    const f = frames[now];
    steps.show(now);
    frame.phase({ start: "start", error: "does not fit", forward: "forward: copy", seed: "backward: seed", reverse: "backward: add up" }[f.phase], f.phase);
    frame.say(f.text);
    paint();
  }

  function start() {
    followed = "";
    frames = framesOf();
    typed.forEach((input, k) => { input.value = shapeText(cloth.operands[k].shape).replace("scalar", "()"); });
    cells.element.querySelector("select").replaceChildren(new Option("a number …", ""), ...followable().map(([value, text]) => new Option(text, value)));
    frame.root.dataset.shapes = id();
    steps.setLast(frames.length - 1);
    frame.closeGate();
    go(0);
    ask(1);
  }

  function reweave() {
    frame.request("weave", { a: typed[0].value, b: typed[1].value }, (reply) => { cloth = { ...cloth, ...reply }; start(); });
  }

  // -- following one number through its copies
  const followable = () => (cloth.error ? [] : cloth.operands.flatMap((x, k) => x.values.map((_, i) => [`${k}.${i}`, `${cloth.names[k]}${placeText(x.shape, i)}`])));

  function followNext() {
    const all = ["", ...followable().map(([value]) => value)];
    cells.set(all[(all.indexOf(followed) + 1) % all.length]);
    follow(cells.value());
  }

  function follow(value) {
    followed = value;
    light(value);
    frame.root.dataset.followed = value;
    if (!value) return frame.say(frames[now].text);
    const [k, i] = value.split(".").map(Number), x = cloth.operands[k], name = `${cloth.names[k]}${placeText(x.shape, i)}`;
    const known = frames[now].shows.includes(`sum-${k}`);
    frame.say(`${name} = ${brief(x.values[i])} is used in ${plural(x.copies, "place")} of the result. ${known ? `Its gradient: ${sumOf(k, i)}.` : "Its gradient is not known yet."}`);
  }

  function light(value) {
    for (const cell of loom.querySelectorAll("[data-a]")) {
      cell.classList.toggle("mtf-is-lit", value !== "" && (cell.dataset.a === value || cell.dataset.b === value));
    }
  }

  // -- painting
  function paint() {
    const f = frames[now], has = (what) => f.shows.includes(what), [a, b] = cloth.names, misfit = f.phase === "error";
    const rows = cloth.operands.map((x, k) => [
      grid(cloth.names[k], x.shape, x.values, "value", (i) => [`${k}.${i}`]),
      misfit ? "" : grid(`copied to ${has("axes") ? shapeText(cloth.shape) : "?"}`, cloth.shape, has(`copies-${k}`) ? x.of.map((i) => x.values[i]) : null, "copy", (i) => [`${k}.${x.of[i]}`], has("axes"), has("axes") ? firstUse(x) : null),
      misfit ? "" : grid("arrives at the copies", cloth.shape, has(`arriving-${k}`) ? x.arriving : null, "reverse", (i) => [`${k}.${x.of[i]}`], has("axes")),
      misfit ? "" : grid(`gradient of ${cloth.names[k]}`, x.shape, has(`sum-${k}`) ? x.gradient : null, "reverse", (i) => [`${k}.${i}`], has(`arriving-${k}`)),
    ]);
    if (!misfit) {
      const origin = (i) => cloth.operands.map((x, k) => `${k}.${x.of[i]}`);
      rows.push(["", grid(`${a} ${cloth.sign} ${b}`, cloth.shape, has("result") ? cloth.values : null, "value", origin, has("axes")),
        grid("arrives at the result", cloth.shape, has("upstream") ? cloth.upstream : null, "reverse", origin, has("axes")), ""]);
    }
    loom.replaceChildren(...(has("axes") ? [axesTable()] : []), make("div", { class: "mtf-loom-rows" }, ...rows.flat().map((part) => part || make("span"))));
    if (followed) light(followed);
    frame.refreshTable();
  }

  const firstUse = (x) => new Set(x.values.map((_, i) => x.of.indexOf(i)));

  function axesTable() {
    const word = (size) => (size === null ? "–" : String(size));
    const row = (name, key, shape) => [name, ...cloth.axes.map((axis) => word(axis[key])), shape];
    const result = cloth.axes.map((axis) => (axis.result === null ? "?" : String(axis.result)));
    const table = tableFrom("Axes, lined up at the last one (– is no axis: it counts as 1)", ["", ...cloth.axes.map((_, i) => `axis ${i}`), "shape"],
      [row(cloth.names[0], "a", shapeText(cloth.operands[0].shape)), row(cloth.names[1], "b", shapeText(cloth.operands[1].shape)), ["result", ...result, cloth.error ? "none" : shapeText(cloth.shape)]]);
    table.className = "mtf-loom-axes";
    cloth.axes.forEach((axis, i) => { if (axis.result === null) for (const tr of table.tBodies[0].rows) tr.cells[i + 1].classList.add("mtf-clash"); });
    return table;
  }

  // Numbers in blocks of the last two axes; `numbers` is null while they are not known yet.
  function grid(caption, shape, numbers, kind, marks, shapeKnown = true, solid = null) {
    if (!shapeKnown) return make("figure", { class: "mtf-loom-grid" }, make("figcaption", {}, caption), make("p", { class: "mtf-loom-open" }, "?"));
    const columns = shape.at(-1) ?? 1, height = shape.at(-2) ?? 1, size = shape.reduce((x, y) => x * y, 1), blocks = [];
    for (let start = 0; start < size; start += columns * height) {
      const block = make("table", { class: `mtf-loom-cells mtf-${kind}` });
      for (let r = 0; r < height; r++) {
        const tr = block.insertRow();
        for (let c = 0; c < columns; c++) {
          const i = start + r * columns + c, td = tr.insertCell(), [one, other] = marks(i);
          td.textContent = numbers ? brief(numbers[i]) : "?";
          td.classList.toggle("mtf-is-open", !numbers);
          td.dataset.a = one;
          if (other) td.dataset.b = other;
          if (numbers && solid?.has(i)) td.classList.add("mtf-is-first");
          td.addEventListener("mouseenter", () => light(one));
          td.addEventListener("mouseleave", () => light(followed));
          td.addEventListener("click", () => { cells.set(one); follow(one); });
        }
      }
      blocks.push(block);
    }
    return make("figure", { class: "mtf-loom-grid" }, make("figcaption", {}, caption), ...blocks);
  }

  frame.setTable(() => {
    const f = frames[now], has = (what) => f.shows.includes(what), value = (known, x) => (known ? brief(x) : "?");
    const operandTables = cloth.operands.map((x, k) => tableFrom(`${cloth.names[k]}, shape ${shapeText(x.shape)}`, ["number", "value", "places in the result", "gradients of its copies", "gradient"],
      x.values.map((v, i) => [`${cloth.names[k]}${placeText(x.shape, i)}`, brief(v), has(`copies-${k}`) ? String(x.copies) : "?",
        has(`arriving-${k}`) ? x.arriving.filter((_, j) => x.of[j] === i).map(brief).join(", ") : "?", value(has(`sum-${k}`), x.gradient?.[i])])));
    if (cloth.error || !has("axes")) return operandTables;
    return [...operandTables, tableFrom(`result, shape ${shapeText(cloth.shape)}`, ["number", "value", "made of", "gradient that arrives"],
      cloth.values.map((v, i) => [`result${placeText(cloth.shape, i)}`, value(has("result"), v),
        cloth.operands.map((x, k) => `${cloth.names[k]}${placeText(x.shape, x.of[i])}`).join(" and "), value(has("upstream"), cloth.upstream[i])]))];
  });

  start();
  return frame.close;
}

// "[1, 0]": where the i-th number stands; "" in a scalar.
function placeText(shape, i) {
  const place = [];
  for (const size of [...shape].reverse()) { place.unshift(i % size); i = Math.floor(i / size); }
  return place.length ? `[${place.join(", ")}]` : "";
}

export default { render };
export { placeText };
