// FitTheatre in the browser: the frames of a training, stepped through; the kernel trains anew when
// the learning rate changes.

function render({ model, el }) {
  const data = model.get("_data"), most = data.steps, names = data.names, pair = names.length === 2;
  const frame = openFrame({ model, el }, { title: data.plane ? "Fit theatre: a boundary" : "Fit theatre: a curve" });
  let frames = data.frames.map(readFrame), now = 0, settled = false, shownRate = data.rate, seen = 0;

  // ---- what is on the page ----
  const stage = make("div"), side = make("div"), below = make("div");
  frame.body.append(make("div", { class: "mtf-side" }, stage, side), below);
  const rate = slider({ label: "learning rate", min: data.rate / 100, max: data.rate * 100, step: 0.02, value: data.rate, log: true, onInput: (v) => train(v) });
  const steps = stepper(frame, { last: frames.length - 1, want: (k) => open(() => show(k)), interval: () => 200 });
  frame.addControls(rate.element, button("Predict the next step (P)", "Predict", askNext),
    button("Keep these weights: give them to your model (K)", "Keep", keep), button("Reset (R)", "Reset", reset));
  Object.assign(frame.keys, { p: askNext, k: keep, r: reset });
  frame.legend(["forward", data.plane ? "boundary and loss" : "prediction and loss"],
    ["reverse", pair || !data.plane ? "minus the gradient: where it pulls" : "gradient norm"],
    ...(data.plane ? [["heat", `label ${Math.min(...data.y)} (circles), undecided, label ${Math.max(...data.y)} (squares)`]] : []));
  frame.setTable(tables);
  frame.phase("before the first step", "start");
  if (data.plane) frame.root.dataset.plane = "";
  draw0();
  ask();
  return frame.close;

  // ---- predicting ----
  function ask() {
    const question = pair
      ? { key: "first move", text: `sign of the change of ${names[0]} in the first step`, kind: "sign", answer: () => moveOf(0, 0) }
      : { key: "fall", text: `loss after ${most} steps`, kind: "choice", choices: ["less than half", "more than half", "larger than now"], answer: fall };
    frame.predict([question], () => { settled = true; show(Math.min(1, frames.length - 1)); });
  }

  function open(action) { if (settled) action(); else ask(); }

  function fall() {
    const share = frames.at(-1).loss / frames[0].loss;
    return share < 0.5 ? "less than half" : share <= 1 ? "more than half" : "larger than now";
  }

  function moveOf(k, i) { return (frames[k + 1] ?? frames[k]).numbers[i] - frames[k].numbers[i]; }

  // The next step of the one you see; each is asked once.
  function askNext() {
    if (!settled) return ask();
    steps.pause();
    if (now >= frames.length - 1) return frame.say("This is the last step. Go back, or press R, and predict there.");
    const f = frames[now], next = frames[now + 1], key = `step ${now + 1} at rate ${brief(shownRate)}`;
    const formula = data.plain ? `new ${names[0]} = ${names[0]} - rate · gradient = ${brief(f.numbers?.[0])} - ${brief(shownRate)} · ${inBrackets(brief(f.gradient?.[0]))}.` : "";
    const question = pair
      ? { key, text: `${names[0]} after the next step`, kind: "number", answer: next.numbers[0], tolerance: 0.02 * Math.abs(moveOf(now, 0)) + 0.005 * Math.abs(next.numbers[0]) + 1e-6, hint: (given) => (parseNumber(given) === null ? "" : formula) }
      : { key, text: "the loss in the next step", kind: "choice", choices: ["falls", "rises"], answer: next.loss < f.loss ? "falls" : "rises" };
    frame.predict([question], () => show(now + 1), { intro: "Before you look:" });
  }

  // ---- training anew ----
  function train(value) {
    frame.request("train", { rate: value }, (reply) => { shownRate = value; take(reply); }, { every: true });
  }

  function take(reply) {
    frames = [...frames.slice(0, reply.first), ...reply.frames.map(readFrame)];
    frame.root.dataset.trained = `${brief(shownRate)}:${frames.length - 1}`;
    steps.setLast(frames.length - 1);
    if (settled) show(Math.min(now, frames.length - 1)); else draw0();
    if (!reply.done) frame.request("train", {}, take, { every: true });
  }

  function reset() {
    steps.pause();
    if (rate.value() !== data.rate) { rate.set(data.rate); train(data.rate); }
    open(() => show(0));
  }

  function keep() {
    open(() => frame.request("keep", { step: now }, (reply) => {
      frame.root.dataset.kept = reply.step;
      frame.say(`Your model now has the weights of step ${reply.step}, where the loss is ${brief(frames[reply.step].loss)}.`);
    }));
  }

  // ---- drawing ----
  function draw0() { drawStage(0); drawSide(0); drawLoss(0); frame.say(`Before the first step the loss is ${brief(frames[0].loss)}.${pair ? ` ${names.map((name, i) => `${name} = ${brief(frames[0].numbers[i])}`).join(", ")}.` : ""}`); }

  function show(k) {
    now = k;
    frame.closeGate();
    steps.show(k);
    drawStage(k); drawSide(k); drawLoss(k);
    const f = frames[k], bad = !Number.isFinite(f.loss);
    frame.phase(bad ? `diverged at step ${k}` : k === 0 ? "before the first step" : `after step ${k}`, bad ? "diverged" : "training");
    frame.root.dataset.loss = brief(f.loss);
    const ending = frames.length - 1 < most && !Number.isFinite(frames.at(-1).loss) ? ` This rate diverges at step ${frames.length - 1}.` : "";
    frame.say(`${k === 0 ? "Before the first step" : `After step ${k}`} the loss is ${brief(f.loss)}. ${pair ? `${pairText(k)}.` : normText(f)}${ending}`);
    frame.refreshTable();
  }

  function pairText(k) {
    const f = frames[k];
    return names.map((name, i) => `${name} = ${brief(f.numbers[i])}, gradient ${brief(f.gradient[i])}`).join("; ");
  }

  function normText(f) { return `Gradient norms: ${Object.entries(f.norms).map(([name, v]) => `${name} ${brief(v)}`).join(", ")}.`; }

  function drawStage(k) {
    const f = frames[k], flat = data.x.map((row) => [row].flat().map(toNumber)), y = data.y.map(toNumber);
    if (data.plane) return drawPlane(f, flat, y);
    const [low, high] = data.limits[0], p = plot({ title: "Data and prediction", x: [low, high], y: heights(y), xLabel: "x", yLabel: "y", width: 440, height: 340 });
    p.line("prediction", f.view.map((v, i) => [low + (i * (high - low)) / (f.view.length - 1), v]));
    p.points("data", flat.map(([v], i) => [v, y[i]]), { size: 4, class: "mtf-point mtf-datum" });
    if (settled) drawPulls(p, f);
    stage.replaceChildren(p.svg);
  }

  // The limits hold the data and what is predicted before the first step.
  function heights(y) { return limitsOf([...y, ...frames[0].view.map(toNumber)], 0.08); }

  // One arrow per example of the step: minus the derivative of the loss by the prediction.
  function drawPulls(p, f) {
    const largest = Math.max(...frames[0].pulls.map((pull) => Math.abs(toNumber(pull[2])))) || 1, every = Math.ceil(f.pulls.length / 30);
    f.pulls.filter((_, i) => i % every === 0).forEach(([x, predicted, slope], i) => {
      const pixels = (slope / largest) * 60; // down the page is up the axis
      if (Math.abs(pixels) > 1.5) p.arrow(`pull ${i}`, [x, predicted], [x, predicted + pixels / (p.Y(1) - p.Y(0))], { class: "mtf-curve mtf-arrow mtf-reverse" });
    });
  }

  function drawPlane(f, flat, y) {
    const [xs, ys] = data.limits, p = plot({ title: "Data and boundary", x: xs, y: ys, xLabel: "first feature", yLabel: "second feature", width: 440, height: 400 });
    const rows = f.view.map((row) => row.map(toNumber));
    p.picture("scores", [...rows].reverse(), (v) => shade(v * 0.6, 1).rgb);
    const steps2 = (limits) => rows.map((_, i) => limits[0] + (i * (limits[1] - limits[0])) / (rows.length - 1));
    drawContours(p, { xs: steps2(xs), ys: steps2(ys), grid: rows, levels: [0] });
    p.svg.querySelectorAll(".mtf-halo").forEach((text) => text.remove());
    const first = Math.min(...y);
    p.points("first class", flat.filter((_, i) => y[i] === first), { size: 4, class: "mtf-point mtf-on-heat mtf-first" });
    p.points("second class", flat.filter((_, i) => y[i] !== first), { shape: "square", size: 4, class: "mtf-point mtf-on-heat" });
    stage.replaceChildren(p.svg);
  }

  function drawSide(k) {
    if (data.bowl) drawBowl(k); else drawNorms(k);
  }

  function drawBowl(k) {
    const { xs, ys } = data.bowl, f = frames[k];
    const p = plot({ title: "Loss over the two numbers", x: [xs[0], xs.at(-1)], y: [ys[0], ys.at(-1)], xLabel: names[0], yLabel: names[1], width: 400, height: 340 });
    drawContours(p, data.bowl);
    p.line("path", frames.slice(0, k + 1).map((one) => one.numbers));
    p.points("now", [f.numbers], { size: 5 });
    const largest = Math.hypot(...frames[0].gradient), pixels = 70 * Math.min(1, Math.hypot(...f.gradient) / (largest || 1));
    const px = [-f.gradient[0] * (p.X(1) - p.X(0)), -f.gradient[1] * (p.Y(1) - p.Y(0))], length = Math.hypot(...px);
    if (settled && length > 0 && Number.isFinite(length) && pixels > 1) {
      p.arrow("gradient", f.numbers, f.numbers.map((v, i) => v - (f.gradient[i] * Math.max(pixels, 12)) / length), { class: "mtf-curve mtf-arrow mtf-reverse" });
    }
    side.replaceChildren(p.svg);
  }

  // For models with more numbers: the length of each layer's gradient, as a dashed bar.
  function drawNorms(k) {
    const all = Object.entries(frames[k].norms), most2 = Math.max(...frames.flatMap((f) => Object.values(f.norms).map(toNumber)).filter(Number.isFinite)) || 1;
    side.replaceChildren(make("strong", {}, "Gradient norm of each layer"), ...all.map(([name, norm]) => {
      const bar = make("i", { class: "mtf-norm-bar" });
      bar.style.width = `${Math.max(1, (200 * toNumber(norm)) / most2) || 1}px`;
      return make("div", { class: "mtf-norm" }, make("span", {}, name), make("span", {}, bar), make("span", {}, brief(norm)));
    }));
  }

  function drawLoss(k) {
    const losses = frames.map((f, i) => [i, f.loss]).slice(0, Math.max(k, seen) + 1), finite = (settled ? frames : frames.slice(0, 1)).map((f) => f.loss).filter(Number.isFinite);
    seen = Math.max(k, seen);
    const positive = finite.length > 0 && Math.min(...finite) > 0;
    const y = positive ? [Math.min(...finite) / 1.3, Math.max(...finite) * 1.3] : limitsOf(finite);
    const p = plot({ title: "Loss, step by step", x: [0, most * 1.02], y, logY: positive, xLabel: "step", yLabel: "loss", width: 852, height: 180 });
    if (settled) p.line("loss", losses);
    p.points("now", [[k, frames[k].loss]], { size: 5 });
    below.replaceChildren(p.svg);
  }

  function tables() {
    if (!settled) return tableFrom("Training", ["step", "loss"], [["0", brief(frames[0].loss)]]);
    const head = pair ? [...names, ...names.map((n) => `∂loss/∂${n}`)] : Object.keys(frames[0].norms).map((n) => `gradient of ${n}`);
    const row = (f) => (pair ? [...f.numbers, ...f.gradient] : Object.values(f.norms));
    return tableFrom("Training", ["step", "loss", ...head], frames.map((f, k) => [`${k}`, brief(f.loss), ...row(f).map(brief)]));
  }

  // ---- helpers ----
  function readFrame(f) {
    const read = (list) => list?.map(toNumber);
    return { ...f, loss: toNumber(f.loss), view: data.plane ? f.view : read(f.view), numbers: read(f.numbers), gradient: read(f.gradient), pulls: f.pulls?.map(read) };
  }
}

export default { render };
