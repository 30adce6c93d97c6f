// LossSurface in the browser: contours, a start chosen by click or keys, and the race from there.

function render({ model, el }) {
  const data = model.get("_data"), names = data.names, most = data.steps;
  const shapes = ["circle", "square", "diamond", "cross"];
  const frame = openFrame({ model, el }, { title: "Loss surface" });
  let start = data.start, runs = data.runs.map(readRun), settled = false, step = 0;
  let heights = limitsOf([0, ...runs.map((run) => run.losses[0])]);

  const question = names.length > 1
    ? { key: "best", text: `smallest loss after ${most} steps`, kind: "choice", choices: names, answer: () => names[bestOf(runs)] }
    : { key: "first move", text: `sign of the change of ${data.axes[0]} in the first step`, kind: "sign", answer: () => (runs[0].path[1] ?? start)[0] - start[0] };

  // ---- what is on the page ----
  const hill = plot({ title: "Contours of the loss. Arrow keys move the start; a click sets it.",
    x: data.x, y: data.y, xLabel: data.axes[0], yLabel: data.axes[1], width: 440, height: 420 });
  hill.svg.setAttribute("tabindex", "0");
  hill.svg.setAttribute("data-lm-suppress-shortcuts", "true");
  hill.svg.setAttribute("role", "application");
  const charts = make("div");
  let chart = newChart(heights, false);
  frame.body.append(make("div", { class: "mtf-side" }, hill.svg, charts));

  const rates = data.rates.map(toNumber), same = rates.every((r) => r === rates[0]);
  const own = same ? rates[0] : 1;
  const rate = slider({ label: same ? "learning rate" : "learning rates ×", min: own / 100, max: own * 100, step: 0.02, value: own, log: true, onInput: race });
  const clip = choice({ label: "clipping", onChange: race, options: [["", "as given"], ["clipvalue", "each element"],
    ["clipnorm", "each variable's norm"], ["global_clipnorm", "global norm"]] });
  const limit = slider({ label: "to at most", min: 0.01, max: 100, step: 0.05, value: 1, log: true, onInput: race });
  limit.element.hidden = true;
  const watched = choice({ label: "gradient of", options: names.map((name, i) => [i, name]), onChange: () => show(step) });
  const steps = stepper(frame, { last: most, want: (k) => open(() => show(k)), interval: () => 150 });
  frame.addControls(rate.element, clip.element, limit.element);
  if (names.length > 1) frame.addControls(watched.element);
  frame.legend(...names.map((name, i) => [`series-${i + 1}`, `${name} (${shapes[i]})`]), ["reverse", "minus the gradient: downhill"], ["forward", "same loss along a line"]);
  frame.setTable(tables);
  drawContours(hill, data);
  hill.points("start", [start], { shape: "cross", size: 7, class: "mtf-point mtf-start" });
  frame.say(`The start is ${at(start)}, the loss there ${brief(runs[0].losses[0])}. Each line of the map has one loss; ${plural(names.length, "optimizer")} will start from the cross.`);
  ask();

  // ---- predicting ----
  function ask() {
    frame.predict([question], () => { settled = true; show(most); tellRace(); });
  }

  function open(action) { if (settled) action(); else ask(); }

  // ---- a new race ----
  hill.svg.addEventListener("click", (event) => moveTo(hill.at(event)));
  hill.svg.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    moveTo(start.map((v, i) => v + (way[i] * (limits(i)[1] - limits(i)[0])) / 30));
  });

  function limits(i) { return i === 0 ? data.x : data.y; }

  function moveTo(point) {
    start = point.map((v, i) => +Math.min(limits(i)[1], Math.max(limits(i)[0], v)).toPrecision(4));
    hill.points("start", [start], { shape: "cross", size: 7, class: "mtf-point mtf-start" });
    race();
  }

  function race() {
    limit.element.hidden = clip.value() === "";
    const wish = { start, factor: rate.value() / own, clip: clip.value() || null, limit: limit.value() };
    frame.request("race", wish, (reply) => {
      runs = reply.runs.map(readRun);
      frame.root.dataset.raced = reply.start.join();
      frame.refreshTable();
      open(() => { show(most); tellRace(); });
    }, { every: true });
  }

  // ---- drawing ----
  function show(k) {
    step = k;
    steps.show(k);
    drawChart();
    runs.forEach((run, i) => {
      const now = Math.min(k, run.path.length - 1), kind = `mtf-series-${i + 1}`;
      hill.line(`path ${i}`, run.path.slice(0, now + 1), { class: `mtf-curve ${kind}` });
      hill.points(`now ${i}`, [run.path[now]], { shape: shapes[i], size: 5, class: `mtf-point ${kind}` });
      chart.line(`loss ${i}`, run.losses.map((loss, s) => [s, loss]), { class: `mtf-curve ${kind}` });
      chart.points(`now ${i}`, [[now, run.losses[now]]], { shape: shapes[i], size: 5, class: `mtf-point ${kind}` });
    });
    if (k < most) chart.line("cursor", heights.map((height) => [k, height]), { class: "mtf-grid" });
    drawGradient(k);
    tellStep(k);
  }

  // The loss over the steps, on a logarithmic axis if it can be; far above the start it is cut off.
  function drawChart() {
    const known = runs.flatMap((run) => run.losses.filter(Number.isFinite)), positive = known.length > 0 && Math.min(...known) > 0;
    const cap = Math.max(...runs.map((run) => run.losses[0]).filter(Number.isFinite), 1e-12) * 1e3;
    const shown = known.filter((loss) => loss <= cap), low = Math.max(Math.min(...shown), cap * 1e-15);
    heights = positive ? [low / 1.5, Math.max(...shown) * 1.5] : limitsOf(shown);
    chart = newChart(heights, positive);
  }

  function newChart(y, logY) {
    const p = plot({ title: "Loss of each optimizer, step by step", x: [0, most * 1.03], y, logY, xLabel: "step", yLabel: "loss", width: 360, height: 420 });
    charts.replaceChildren(p.svg);
    return p;
  }

  function drawGradient(k) {
    const run = runs[Number(watched.value())], now = Math.min(k, run.path.length - 1);
    const [x, y] = run.path[now], [gx, gy] = run.gradients[now];
    const px = [-gx * (hill.X(1) - hill.X(0)), -gy * (hill.Y(1) - hill.Y(0))], length = Math.hypot(...px);
    const steepest = Math.max(...run.gradients.map((g) => Math.hypot(...g)).filter(Number.isFinite));
    const pixels = 22 + 60 * (Math.hypot(gx, gy) / (steepest || 1));
    if (!(length > 0) || !Number.isFinite(length)) { hill.clear("gradient"); return; }
    hill.arrow("gradient", [x, y], [x - (gx * pixels) / length, y - (gy * pixels) / length], { class: "mtf-curve mtf-arrow mtf-reverse" });
  }

  // ---- words ----
  function tellStep(k) {
    const who = Number(watched.value()), run = runs[who], now = Math.min(k, run.path.length - 1);
    const gone = runs.map((r, i) => (r.diverged !== null && r.diverged <= k ? `${names[i]} diverged at step ${r.diverged}` : "")).filter(Boolean);
    frame.phase(gone.join("; "), gone.length ? "diverged" : "descending");
    frame.root.dataset.now = run.path[now].map(brief).join();
    frame.say(`Step ${now}: ${names[who]} is at ${at(run.path[now])}, loss ${brief(run.losses[now])}, gradient ${at(run.gradients[now])}.${gone.length ? ` ${gone.join(". ")}.` : ""}`);
  }

  function tellRace() {
    const told = runs.map((run, i) => (run.diverged === null ? `${names[i]} ${brief(run.losses.at(-1))}` : `${names[i]} diverged at step ${run.diverged}`));
    frame.root.dataset.best = names[bestOf(runs)];
    frame.say(`From ${at(start)}, loss after ${most} steps: ${told.join("; ")}.`);
  }

  function tables() {
    if (!settled) return tableFrom("Start", data.axes, [start.map(brief)]);
    return runs.map((run, i) => tableFrom(names[i] + (run.diverged === null ? "" : `: diverged at step ${run.diverged}`),
      ["step", ...data.axes, "loss", `∂loss/∂(${data.axes[0]})`, `∂loss/∂(${data.axes[1]})`],
      run.path.map((p, s) => [`${s}`, ...p.map(brief), brief(run.losses[s]), ...run.gradients[s].map(brief)])));
  }

  return frame.close;

  // ---- helpers ----
  function readRun(run) {
    const pairs = (list) => list.map((pair) => pair.map(toNumber));
    return { path: pairs(run.path), losses: run.losses.map(toNumber), gradients: pairs(run.gradients), diverged: run.diverged };
  }

  function bestOf(all) {
    const ends = all.map((run) => (run.diverged === null ? run.losses.at(-1) : Infinity));
    return ends.indexOf(Math.min(...ends));
  }

  function at(point) { return `(${point.map(brief).join(", ")})`; }
}

export default { render };
