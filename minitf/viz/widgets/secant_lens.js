// SecantLens in the browser: one step size moves a secant and a point on each error curve.

function render({ model, el }) {
  const data = model.get("_data");
  const frame = openFrame({ model, el }, { title: "From secant to tangent" });
  const KINDS = [["float32", "mtf-series-1"], ["float64", "mtf-series-2"]];
  const steps = data.steps.map(toNumber), last = steps.length - 1;
  const errors = Object.fromEntries(KINDS.map(([kind]) => [kind, data.errors[kind].map(toNumber)]));
  const quotients = Object.fromEntries(KINDS.map(([kind]) => [kind, data.quotients[kind].map(toNumber)]));
  const curve = data.curve.map((point) => point.map(toNumber));
  let now = 0, revealed = false;

  const size = slider({ label: "step, smaller to the right", min: 0, max: last, step: 1, value: 0, format: (k) => steps[Math.round(k)].toExponential(0), onInput: show });
  frame.addControls(size.element);
  const shape = plot({ title: "The curve with its secant", x: limitsOf(curve.map((p) => p[0]), 0), y: limitsOf(curve.map((p) => p[1])),
    xLabel: "x", yLabel: "f(x)", width: 420 });
  const every = KINDS.flatMap(([kind]) => errors[kind]);
  const error = plot({ title: "Error of the slope over the step", x: [steps[last], steps[0]], y: [Math.max(1e-16, Math.min(...every)) / 3, Math.max(...every) * 5],
    logX: true, logY: true, xLabel: "step", yLabel: "error of the slope", width: 420,
    margin: { left: 76, right: 14, top: 12, bottom: 42 } });
  frame.body.append(make("div", { class: "mtf-lenses" }, shape.svg, error.svg));
  frame.legend(["forward", "f"], ["series-1", "float32: secant and error"], ["series-2", "float64: error"]);
  frame.setTable(() => tableFrom("Central differences", ["step", "slope, float32", "error", "slope, float64", "error"],
    revealed ? steps.map((h, k) => [brief(h), ...KINDS.flatMap(([kind]) => [brief(quotients[kind][k]), brief(errors[kind][k])])])
      : [["say first which step is best", "", "", "", ""]]));

  function show() {
    now = Math.round(size.value());
    const h = steps[now], slope = quotients.float32[now];
    const [below, above] = data.ends[now].map((end) => end.map(toNumber));
    const middle = [(below[0] + above[0]) / 2, (below[1] + above[1]) / 2];
    frame.root.dataset.step = now;
    shape.line("curve", curve, { class: "mtf-curve mtf-stroke-forward" });
    shape.line("secant", [-9, 9].map((t) => [middle[0] + t, middle[1] + slope * t]), { class: "mtf-curve mtf-series-1" });
    shape.points("ends", [below, above], { shape: "square" });
    if (!revealed) return;
    for (const [kind, style] of KINDS) {
      error.line(kind, steps.map((s, k) => [s, errors[kind][k]]), { class: `mtf-curve ${style}` });
      error.points(`${kind}-now`, [[h, errors[kind][now]]], { shape: kind === "float32" ? "square" : "circle", size: 6, class: `mtf-point ${style}` });
    }
    frame.say(`Step ${brief(h)}: the slope is ${digits(slope)} in float32 and ${digits(quotients.float64[now])} in float64; ${digits(toNumber(data.slope))} is right. `
      + `The errors are ${brief(errors.float32[now])} and ${brief(errors.float64[now])}.`);
    frame.refreshTable();
  }

  function reveal() {
    revealed = true;
    size.set(data.best.float32);
    show();
  }

  const best = steps[data.best.float32];
  frame.say(`The secant runs through two points, one step left and one step right of x = ${brief(data.x)}. Which step gives the best slope in float32? Move the slider and look, then answer.`);
  show();
  frame.predict([{
    key: "best", text: "best step in float32", kind: "choice", choices: ["1", "1e-1", "1e-3", "1e-5", "1e-7", "1e-9"],
    answer: () => ["1", "1e-1", "1e-3", "1e-5", "1e-7", "1e-9"].reduce((a, b) => (far(b) < far(a) ? b : a)),
    hint: (given) => (Number(given) < best ? "two float32 numbers that lie so close differ in their last digits only." : "the curve bends between points that far apart."),
  }], reveal);

  function digits(value) { return String(Number(value.toPrecision(9))); }
  function far(choice) { return Math.abs(Math.log10(Number(choice)) - Math.log10(best)); }
  return frame.close;
}

export default { render };
