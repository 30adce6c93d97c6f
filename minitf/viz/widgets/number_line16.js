// NumberLine16 in the browser: a histogram of gradients on a logarithmic line with float16's
// limits, a slider for the scale of the loss, and steps of a real LossScaleOptimizer.

function render({ model, el }) {
  const { count, zeros, bins, exponents, outcomes, samples, groups, growth, limits, tiny_becomes: tinyBecomes } = model.get("_data");
  const frame = openFrame({ model, el }, { title: `${plural(count, "gradient")} on float16's number line` });
  const lowest = Math.min(bins[0][0], Math.log2(limits.floor) - 2), highest = 21;
  let open = false, steps = [], moved = true;

  // -- page furniture
  const scale = slider({ label: "loss times 2 to the", min: exponents[0], max: exponents.at(-1), step: 1, value: 0, format: (k) => `${k}: × ${exact(k)}`, onInput: () => { moved = true; show(); } });
  const line = plot({ title: "Gradients on float16's number line", x: [2 ** lowest, 2 ** highest], y: [0, 1.25 * Math.max(...bins.map(([, n]) => n))], logX: true, width: 860, height: 280,
    xLabel: "size of a gradient, times the scale", yLabel: "gradients per power of two" });
  const history = plot({ title: "Scale of the loss at each step", x: [0, 10], y: exponentLimits(), width: 860, height: 170, xLabel: "step", yLabel: "scale: 2 to the" });
  const counts = make("p", { class: "mtf-line16-counts" });
  const stepButton = button("Take one step with this scale (S)", "Step", () => step(1)), manySteps = button("Take ten steps (D)", "10 steps", () => step(10));
  frame.addControls(scale.element, stepButton, manySteps, button("Back to the first scale, no steps (R)", "Reset", reset));
  Object.assign(frame.keys, { s: () => step(1), d: () => step(10), r: reset });
  frame.body.append(counts, line.svg, history.svg);
  frame.legend(["line16-zero", "becomes 0"], ["line16-subnormal", "subnormal: fewer than 3 digits"], ["line16-normal", "normal: 3 digits"], ["line16-inf", "becomes inf"], ["line16-before", "without scaling"],
    ["line16-taken", "step taken"], ["line16-skipped", "step skipped"]);

  // -- the line
  const zoneOf = (exponent) => (exponent < Math.log2(limits.floor) ? "zero" : exponent < Math.log2(limits.normal) ? "subnormal" : exponent < 16 ? "normal" : "inf");

  function bars(k) {
    const layer = line.layer("bars");
    for (const [exponent, n] of bins) {
      const from = Math.min(highest - 1, Math.max(lowest, exponent + k)), outside = from !== exponent + k;
      const x0 = line.X(2 ** from), x1 = line.X(2 ** (from + 1)), y = line.Y(n);
      layer.append(draw("rect", { class: `mtf-line16-bar mtf-line16-${open ? zoneOf(exponent + k) : "unknown"}`, x: x0 + 0.75, y, width: Math.max(1, x1 - x0 - 1.5), height: line.room.bottom - y },
        draw("title", {}, `${plural(n, "gradient")} from ${brief(2 ** (exponent + k))} to ${brief(2 ** (exponent + k + 1))}${outside ? ", outside the picture" : ""}`)));
    }
  }

  function before(k) {
    if (k === 0) return line.clear("before");
    line.line("before", bins.flatMap(([e, n]) => [[2 ** e, 0], [2 ** e, n], [2 ** (e + 1), n], [2 ** (e + 1), 0]]), { class: "mtf-line16-outline" });
  }

  function zones() {
    if (!open) return;
    const layer = line.layer("zones", { behind: true });
    const marks = [[limits.floor, `${limits.floor.toExponential(1)}: below it, 0`], [limits.normal, `${limits.normal.toExponential(1)}: smallest normal`], [limits.largest, "65504: largest"]];
    marks.forEach(([x, words], i) => {
      const right = i === 2;
      layer.append(draw("line", { class: "mtf-line16-limit", x1: line.X(x), x2: line.X(x), y1: line.room.top, y2: line.room.bottom }),
        draw("text", { x: line.X(x) + (right ? -5 : 5), y: line.room.top + 13, "text-anchor": right ? "end" : "start" }, words));
    });
  }

  function show() {
    const k = scale.value();
    bars(k);
    before(k);
    zones();
    showSteps();
    frame.root.dataset.exponent = k;
    if (!open) return frame.say(`${plural(count, "gradient")}, from ${brief(samples[0].size)} to ${brief(samples.at(-1).size)} in size${zeros ? `; ${zeros} are 0 already` : ""}. How will float16 hold them?`);
    const out = outcomes[exponents.indexOf(k)];
    Object.assign(frame.root.dataset, { zeros: out.zeros, inf: out.inf });
    counts.replaceChildren(...[["zero", `${out.zeros} become 0`], ["subnormal", `${out.subnormal} subnormal`], ["normal", `${out.normal} normal`], ["inf", `${out.inf} become inf`]]
      .map(([zone, text]) => make("span", {}, make("i", { class: `k-line16-${zone}` }), text)));
    frame.say(`${k === 0 ? "Without scaling" : `With the loss times 2^${k} = ${exact(k)}`}: ${share(out.zeros)} become 0, ${out.inf} become inf. ${advice(out)}`);
    frame.refreshTable();
  }

  const share = (n) => `${n} of ${count} (${brief((100 * n) / count)} %)`;

  function advice(out) {
    if (out.inf > 0) return "A step with inf must be skipped: the scale is too large.";
    if (out.zeros > 0) return "What is 0 stays 0 when it is divided by the scale again: a larger scale would rescue it.";
    return out.subnormal > 0 ? "Nothing is lost; subnormal numbers have fewer digits." : "Nothing is lost.";
  }

  // -- steps of the optimizer
  function step(times) {
    unlock(() => frame.predict([{ key: "step", text: "loss and gradients × 1024, gradients ÷ 1024 before the update: the step is", kind: "choice", choices: ["1024 times larger", "the same", "1024 times smaller"], answer: "the same",
      hint: () => "the optimizer divides the gradients by the scale before it uses them." }], () => take(times)));
  }

  function take(times) {
    frame.request("step", { start: moved ? scale.value() : null }, (reply) => {
      moved = false;
      steps.push(reply);
      scale.set(Math.min(exponents.at(-1), Math.max(exponents[0], reply.next)));
      if (times > 1) { show(); return take(times - 1); }
      show();
      frame.say(story(reply));
    });
  }

  function story(s) {
    const n = `Step ${steps.length} with scale 2^${s.exponent}`, after = s.next === s.exponent ? "The scale stays." : `The scale becomes 2^${s.next}.`;
    if (s.skipped) return `${n}: ${plural(s.inf, "gradient")} became inf, so the optimizer skips the step and halves the scale. No weight moves. ${after}`;
    const kept = s.lost ? `${plural(s.lost, "gradient")} got lost.` : "No gradient got lost.";
    const grown = s.next > s.exponent ? ` ${growth} good steps in a row (Keras waits for 2000): it tries twice as much.` : "";
    return `${n}: taken. ${kept} Divided by the scale again, the step is ${brief(s.ratio)} × the step of float32. ${after}${grown}`;
  }

  function exponentLimits() { return [exponents[0] - 1, exponents.at(-1) + 1]; }

  function showSteps() {
    history.svg.style.display = steps.length ? "" : "none";
    if (!steps.length) return;
    const used = steps.map((s) => s.exponent), low = Math.min(...used) - 1.5, high = Math.max(...used) + 1.5;
    history.setLimits([0, Math.max(10, steps.length + 1)], [low, high]);
    const at = (wanted) => steps.flatMap((s, i) => (s.skipped === wanted ? [[i + 1, s.exponent]] : []));
    history.line("scale", used.map((e, i) => [i + 1, e]), { class: "mtf-curve" });
    history.points("taken", at(false));
    history.points("skipped", at(true), { shape: "cross", size: 6, class: "mtf-point mtf-line16-cross" });
    Object.assign(frame.root.dataset, { steps: steps.length, skipped: at(true).length });
  }

  function reset() {
    steps = [];
    moved = true;
    for (const key of ["steps", "skipped"]) delete frame.root.dataset[key];
    scale.set(0);
    show();
  }

  frame.setTable(() => {
    const k = scale.value(), i = exponents.indexOf(k), out = outcomes[i], hide = (x) => (open ? String(x) : "?");
    const tables = [
      tableFrom(`${plural(count, "gradient")} in float16, loss times 2^${k}`, ["becomes 0", "subnormal", "normal", "inf", "nan", "was 0 already"], [[out.zeros, out.subnormal, out.normal, out.inf, out.nan].map(hide).concat(String(zeros))]),
      tableFrom("Three of them", ["gradient", "size", "times the scale, in float16", "divided by the scale again"], samples.map((s) => [s.name, brief(s.size), hide(brief(s.held[i])), hide(brief(s.back[i]))])),
      tableFrom("By tensor", ["tensor", "numbers", "become 0", "inf"], groups.map((g) => [g.name, String(g.count), hide(g.zeros[i]), hide(g.inf[i])])),
    ];
    if (steps.length) tables.push(tableFrom("Steps of the LossScaleOptimizer", ["step", "scale", "inf", "lost", "step is", "scale after it"], steps.map((s, n) => [`${n + 1}`, `2^${s.exponent}`, `${s.inf}`, `${s.lost}`, s.skipped ? "skipped" : `taken, ${brief(s.ratio)} × float32's`, `2^${s.next}`])));
    return tables;
  });

  function unlock(then) {
    const lost = outcomes[exponents.indexOf(0)].zeros;
    frame.predict([
      { key: "tiny", text: "in float16, 1e-8 becomes", kind: "choice", choices: ["1e-8", "about 6e-8, the smallest there is", "0"], answer: tinyBecomes === "0.0" ? "0" : tinyBecomes,
        hint: () => `the smallest number above 0 is ${brief(limits.subnormal)}; what lies below half of it is rounded down.` },
      { key: "lost", text: `percent of these gradients that become 0 (10 points off is fine)`, kind: "number", answer: (100 * lost) / count, tolerance: 10,
        hint: () => `look how much of the picture lies left of ${brief(limits.floor)}.` },
    ], () => { open = true; show(); then(); });
  }

  show();
  unlock(() => {});
  return frame.close;
}

// 2 ** k without rounding; "1.1e12" where that would be long.
function exact(k) {
  return k >= 0 && k <= 20 ? (2 ** k).toLocaleString("en") : brief(2 ** k);
}

export default { render };
