// TrainingMonitor in the browser: curves that grow while the kernel is busy, and a stop button.

function render({ model, el }) {
  const frame = openFrame({ model, el }, { title: "Training monitor" });
  const bar = make("progress", { "aria-label": "steps done" });
  const counter = make("span", { class: "mtf-counter" });
  const stop = button("Stop training (S)", "Stop", askToStop);
  const left = make("div"), right = make("div"), strips = make("div", { class: "mtf-strips" });
  let told = 0, status = "", asked = false, unheard = null;

  frame.addControls(stop, bar, counter);
  frame.keys.s = () => { if (!stop.disabled) askToStop(); };
  frame.body.append(make("div", { class: "mtf-side" }, left, right), strips);
  frame.setTable(tables);
  frame.onData(refresh);
  frame.onClose(() => clearTimeout(unheard));
  refresh();
  return frame.close;

  // ---- stopping ----
  function askToStop() {
    stop.disabled = true;
    frame.say("Stop asked for: training ends after the running batch.");
    told = performance.now();
    unheard = setTimeout(() => frame.problem("The kernel has not heard the button yet: this front end delivers messages only between cells. Interrupt the kernel instead; what was trained so far is kept."), 3000);
    frame.request("stop", {}, () => { clearTimeout(unheard); frame.problem(""); frame.root.dataset.stop = "heard"; });
  }

  // ---- new numbers ----
  function refresh() {
    const data = model.get("_data"), loss = data.metrics.loss ?? [];
    const changed = data.status !== status;
    status = data.status;
    if (changed) stop.disabled = status !== "training";
    frame.phase(status, status);
    frame.root.dataset.points = loss.length;
    frame.root.dataset.at = lastStep(data);
    counter.textContent = progress(data);
    bar.hidden = !data.total;
    [bar.max, bar.value] = [data.total || 1, lastStep(data) + 1];
    drawLines(left, "loss", (name) => name.endsWith("loss"));
    drawLines(right, measure(data), (name) => name.replace(/^val_/, "") === measure(data));
    drawStrips(data);
    legend(data);
    askOnce(data);
    if (changed || performance.now() - told > 3000) tell(data); // a screen reader needs time to speak
    frame.refreshTable();
  }

  function legend(data) {
    const validated = Object.keys(data.metrics).some((name) => name.startsWith("val_"));
    frame.legend(["forward", data.epoch ? "training: mean of the epoch so far" : "training"], ...(validated ? [["series-2", "validation"]] : []),
      ...(normsShown(data) ? [["reverse-heat", "gradient norm, small to large, log scale"], ["not-finite", "inf or nan"]] : []));
  }

  function lastStep(data) { return Math.max(-1, ...Object.values(data.metrics).map((points) => points.at(-1)[0])); }
  function measure(data) { return Object.keys(data.metrics).find((name) => !name.endsWith("loss") && !name.startsWith("val_")); }

  function progress(data) {
    const at = lastStep(data);
    if (at < 0) return "";
    return [data.total ? `step ${at + 1} of ${data.total}` : `step ${at}`, data.epoch].filter(Boolean).join(", ");
  }

  function tell(data) {
    told = performance.now();
    const at = lastStep(data);
    if (at < 0) told = 0; // the first numbers are told at once
    if (at < 0) return frame.say("No step yet. Start training: the curves grow here, and S stops it.");
    if (data.bad) return frame.say(data.bad);
    const numbers = Object.entries(data.metrics).map(([name, points]) => `${name} ${brief(points.at(-1)[1])}`);
    frame.say(`${{ training: "Training", finished: "Finished", stopped: "Stopped", interrupted: "Interrupted" }[status] ?? status}, ${progress(data)}: ${numbers.join(", ")}.`);
  }

  // ---- the question: which layer gets the largest gradient? ----
  function askOnce(data) {
    const layers = Object.keys(data.norms);
    if (layers.length < 2 || asked) return;
    asked = true;
    const largest = () => {
      const means = Object.entries(model.get("_data").norms).map(([name, points]) => [averageOf(points), name]);
      return means.sort((a, b) => b[0] - a[0])[0][1];
    };
    frame.predict([{ key: "largest gradient", text: "layer with the largest gradients", kind: "choice", choices: layers, answer: largest }],
      () => { drawStrips(model.get("_data")); legend(model.get("_data")); frame.refreshTable(); }, { intro: "Before you look:" });
  }

  function averageOf(points) {
    const logs = points.map(([, v]) => Math.log(toNumber(v))).filter(Number.isFinite);
    return logs.length ? logs.reduce((a, b) => a + b) / logs.length : -Infinity;
  }

  function normsShown(data) {
    const layers = Object.keys(data.norms).length;
    return layers === 1 || (layers > 1 && frame.isSettled("largest gradient"));
  }

  // ---- drawing ----
  function drawLines(place, name, belongs) {
    const data = model.get("_data");
    const found = Object.entries(data.metrics).filter(([key]) => name && belongs(key));
    if (found.length === 0 && name !== "loss") return place.replaceChildren();
    const lines = found.map(([key, points]) => [key, points.map(([s, v]) => [s, toNumber(v)])]);
    const heights = lines.flatMap(([, points]) => points.map((p) => p[1])).filter(Number.isFinite);
    const most = Math.max(lastStep(data), 1), log = name === "loss" && heights.length > 0 && Math.min(...heights) > 0;
    const y = log ? [Math.min(...heights) / 1.2, Math.max(...heights) * 1.2] : limitsOf(heights);
    const p = plot({ title: `${name}, step by step`, x: [0, most], y, logY: log, xLabel: "step", yLabel: name, width: 440, height: 250 });
    lines.forEach(([key, points]) => {
      const kind = key.startsWith("val_") ? "mtf-series-2" : "";
      p.line(key, points, { class: `mtf-curve ${kind}` });
      if (points.length < 30) p.points(`${key} points`, points, { shape: kind ? "square" : "circle", size: 3, class: `mtf-point ${kind}` });
    });
    place.replaceChildren(p.svg);
  }

  // One strip per layer: a column for each step, the darker the larger.
  function drawStrips(data) {
    const layers = Object.entries(data.norms);
    if (layers.length === 0) return strips.replaceChildren();
    if (!normsShown(data)) return strips.replaceChildren(make("p", {}, `Gradient norms of ${layers.length} layers: answer below to see them.`));
    const known = layers.flatMap(([, points]) => points.map(([, v]) => Math.log10(toNumber(v)))).filter(Number.isFinite);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const colour = (v) => (v === null ? [160, 160, 160] : shadeOf((Math.log10(toNumber(v)) - low) / (high - low || 1), toNumber(v)));
    strips.replaceChildren(make("strong", {}, `Gradient norm of each layer, from ${brief(10 ** low)} to ${brief(10 ** high)}`),
      ...layers.map(([name, points]) => {
        const picture = heatCanvas([points.map((point) => point[1])], 1, colour);
        picture.setAttribute("role", "img");
        picture.setAttribute("aria-label", `gradient norms of ${name}`);
        return make("div", { class: "mtf-strip" }, make("span", {}, name), picture, make("span", {}, normText(points.at(-1)[1])));
      }));
  }

  function shadeOf(t, value) {
    if (!Number.isFinite(value)) return NOT_FINITE;
    if (value === 0) return [255, 255, 255];
    return [255, 244, 235].map((c, i) => Math.round(c + Math.min(1, Math.max(0, t)) * ([140, 45, 4][i] - c)));
  }

  function normText(value) { return value === null ? "no gradient" : brief(value); }

  function tables() {
    const data = model.get("_data");
    const metrics = tableFrom("Metrics", ["step", ...Object.keys(data.metrics)], rowsOf(data.metrics, brief));
    return normsShown(data)
      ? [metrics, tableFrom("Gradient norms", ["step", ...Object.keys(data.norms)], rowsOf(data.norms, normText))] : metrics;
  }

  function rowsOf(curves, text) {
    const found = new Map();
    Object.values(curves).forEach((points, i) => points.forEach(([s, v]) => {
      if (!found.has(s)) found.set(s, Object.keys(curves).map(() => ""));
      found.get(s)[i] = text(v);
    }));
    return [...found.keys()].sort((a, b) => a - b).map((s) => [`${s}`, ...found.get(s)]);
  }
}

export default { render };
