// Plots in SVG for widgets that ask for the part "plot": axes, lines, points, arrows, pictures of
// arrays. Everything is drawn in the units of the data.

// const p = plot({ title: "Loss", x: [0, 9], y: [1e-3, 1], logY: true, xLabel: "step", yLabel: "loss" });
// frame.body.append(p.svg);
// p.line("curve", [[0, 1], [1, 0.5]], { class: "mtf-stroke-forward" });   // drawing "curve" again replaces it
function plot({ title, x, y, xLabel = "", yLabel = "", width = 460, height = 300, logX = false, logY = false,
  margin = { left: 56, right: 14, top: 12, bottom: 42 } }) {
  const svg = draw("svg", { class: "mtf-plot", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  const room = { left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };
  const clipId = `mtf-clip-${++plots}`;
  const back = draw("g"), axes = draw("g", { class: "mtf-axes" }), front = draw("g", { "clip-path": `url(#${clipId})` });
  const clip = draw("clipPath", { id: clipId }, draw("rect", { x: room.left, y: room.top, width: room.right - room.left, height: room.bottom - room.top }));
  svg.append(draw("title", {}, title), clip, back, axes, front);
  const layers = {};
  let sx, sy;

  const self = {
    svg, front, room,
    // New limits; what is drawn already stays where it is, so draw it again.
    setLimits(newX, newY) { sx = scale(newX, logX, room.left, room.right); sy = scale(newY, logY, room.bottom, room.top); drawAxes(); },
    X: (v) => sx.to(v),
    Y: (v) => sy.to(v),
    // The data's coordinates under the pointer.
    at(event) {
      const box = svg.getBoundingClientRect();
      return [sx.from(((event.clientX - box.left) / box.width) * width), sy.from(((event.clientY - box.top) / box.height) * height)];
    },
    // An empty group of that name, in front or at the back.
    layer(name, { behind = false } = {}) {
      layers[name]?.remove();
      layers[name] = draw("g", { "data-layer": name });
      (behind ? back : front).append(layers[name]);
      return layers[name];
    },
    clear(name) { layers[name]?.remove(); delete layers[name]; },
    // Points that are not finite interrupt the line.
    line(name, points, attributes = {}) {
      const g = self.layer(name);
      g.append(draw("path", { class: "mtf-curve", d: pathOf(points), ...attributes }));
      return g;
    },
    // shape: "circle", "square", "diamond" or "cross", so that colour never stands alone
    points(name, points, { shape = "circle", size = 4, ...attributes } = {}) {
      const g = self.layer(name);
      for (const [a, b] of points) if (isShown(a, b)) g.append(marker(shape, sx.to(a), sy.to(b), size, attributes));
      return g;
    },
    arrow(name, [x0, y0], [x1, y1], attributes = {}) {
      const g = self.layer(name);
      const [ax, ay, bx, by] = [sx.to(x0), sy.to(y0), sx.to(x1), sy.to(y1)];
      const length = Math.hypot(bx - ax, by - ay);
      if (!Number.isFinite(length) || length < 0.5) return g;
      const [ux, uy] = [(bx - ax) / length, (by - ay) / length], head = Math.min(10, length);
      const [hx, hy] = [bx - head * ux, by - head * uy];
      g.append(draw("line", { class: "mtf-curve", x1: ax, y1: ay, x2: hx, y2: hy, ...attributes }),
        draw("polygon", { class: "mtf-arrow", points: `${bx},${by} ${hx - 0.45 * head * uy},${hy + 0.45 * head * ux} ${hx + 0.45 * head * uy},${hy - 0.45 * head * ux}`, ...attributes }));
      return g;
    },
    // An array of numbers over the whole plot, first row at the top; `colour` maps a number to [r, g, b].
    picture(name, rows, colour) {
      const g = self.layer(name, { behind: true });
      g.append(draw("image", { href: heatCanvas(rows, undefined, colour).toDataURL(), x: room.left, y: room.top, width: room.right - room.left,
        height: room.bottom - room.top, preserveAspectRatio: "none", class: "mtf-heat" }));
      return g;
    },
    text(name, [a, b], words, attributes = {}) {
      const g = self.layer(name);
      g.append(draw("text", { x: sx.to(a), y: sy.to(b), ...attributes }, words));
      return g;
    },
  };

  const isShown = (a, b) => Number.isFinite(sx.to(a)) && Number.isFinite(sy.to(b));

  function pathOf(points) {
    let pen = "M", path = "";
    for (const [a, b] of points) {
      if (!isShown(a, b)) { pen = "M"; continue; }
      path += `${pen}${sx.to(a).toFixed(1)},${sy.to(b).toFixed(1)}`;
      pen = "L";
    }
    return path;
  }

  function drawAxes() {
    axes.replaceChildren(draw("rect", { class: "mtf-plot-frame", x: room.left, y: room.top, width: room.right - room.left, height: room.bottom - room.top }));
    for (const v of sx.ticks(Math.max(2, width / 90))) {
      axes.append(draw("line", { class: "mtf-grid", x1: sx.to(v), x2: sx.to(v), y1: room.top, y2: room.bottom }),
        draw("text", { x: sx.to(v), y: room.bottom + 16, "text-anchor": "middle" }, brief(v)));
    }
    for (const v of sy.ticks(Math.max(2, height / 60))) {
      axes.append(draw("line", { class: "mtf-grid", x1: room.left, x2: room.right, y1: sy.to(v), y2: sy.to(v) }),
        draw("text", { x: room.left - 6, y: sy.to(v) + 4, "text-anchor": "end" }, brief(v)));
    }
    const middle = (room.top + room.bottom) / 2;
    axes.append(draw("text", { class: "mtf-axis-name", x: (room.left + room.right) / 2, y: height - 6, "text-anchor": "middle" }, xLabel),
      draw("text", { class: "mtf-axis-name", x: 13, y: middle, "text-anchor": "middle", transform: `rotate(-90 13 ${middle})` }, yLabel));
  }

  self.setLimits(x, y);
  return self;
}

let plots = 0;

// From data to pixels and back; an empty interval is widened so that nothing divides by zero.
function scale([low, high], log, from, to) {
  const into = log ? (v) => (v > 0 ? Math.log10(v) : NaN) : Number;
  const out = log ? (v) => 10 ** v : Number;
  let [a, b] = [into(low), into(high)];
  if (!(b > a)) [a, b] = [a - 0.5, a + 0.5];
  return {
    to: (v) => from + ((into(v) - a) / (b - a)) * (to - from),
    from: (p) => out(a + ((p - from) / (to - from)) * (b - a)),
    ticks: (count) => (log ? powersBetween(a, b, count) : niceTicks(a, b, count)),
  };
}

function niceTicks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) ticks.push(+(k * step).toPrecision(12));
  return ticks;
}

function powersBetween(low, high, count) {
  const every = Math.max(1, Math.ceil((high - low) / count)), ticks = [];
  for (let k = Math.ceil(low - 1e-9); k <= high + 1e-9; k += every) ticks.push(+(10 ** k).toPrecision(12));
  if (ticks.length > 1) return ticks;
  const finer = []; // less than a decade: 0.2, 0.5, 1, ...
  for (let k = Math.floor(low); k <= high; k++) finer.push(...[1, 2, 5].map((m) => +(m * 10 ** k).toPrecision(12)));
  const between = finer.filter((v) => low <= Math.log10(v) && Math.log10(v) <= high);
  return between.length > 1 ? between : [10 ** low, 10 ** high];
}

function marker(shape, x, y, r, attributes) {
  const all = { class: "mtf-point", ...attributes };
  if (shape === "square") return draw("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...all });
  if (shape === "diamond") return draw("polygon", { points: `${x - r},${y} ${x},${y - r} ${x + r},${y} ${x},${y + r}`, ...all });
  if (shape === "cross") return draw("path", { d: `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`, ...all });
  return draw("circle", { cx: x, cy: y, r, ...all });
}

// From the page's white to the blue of values: for numbers that are never negative. t: 0 ... 1.
function blueness(t) {
  const far = Math.min(1, Math.max(0, t));
  return [247, 251, 255].map((c, i) => Math.round(c + far * ([8, 48, 107][i] - c)));
}

// The limits of some numbers, with a little air; what is not finite is left out.
function limitsOf(numbers, air = 0.05) {
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)], extra = air * (high - low || Math.abs(high) || 1);
  return [low - extra, high + extra];
}
