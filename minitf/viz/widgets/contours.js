// Contour lines for widgets that ask for the parts "plot" and "contours".

// Lines of equal height of a surface given on a grid, in the layer "contours" of a plot; every
// second one says its height. surface: {xs, ys, grid, levels}, a row of the grid for each y.
function drawContours(p, { xs, ys, grid, levels }) {
  const heights = grid.map((row) => row.map(toNumber)), layer = p.layer("contours", { behind: true });
  levels.forEach((level, i) => {
    const lines = contourLines(heights, level).map((line) => line.map(([c, r]) => [p.X(betweenOf(xs, c)), p.Y(betweenOf(ys, r))]));
    if (lines.length === 0) return;
    layer.append(draw("path", { class: "mtf-curve mtf-contour", d: lines.map(([a, b]) => `M${a.map((v) => v.toFixed(1))}L${b.map((v) => v.toFixed(1))}`).join("") }));
    if (i % 2 === 1 || levels.length < 4) {
      const [x, y] = lines[Math.floor(lines.length * 0.37)][0], { left, right, top, bottom } = p.room;
      if (x > left + 20 && x < right - 24 && y > top + 12 && y < bottom - 8) layer.append(draw("text", { class: "mtf-halo", x, y: y + 4, "text-anchor": "middle" }, brief(level)));
    }
  });
}

// Where a surface has one height: segments [[column, row], [column, row]]. Each square of the grid
// is looked at alone ("marching squares"); squares with a corner that is not finite are left out.
function contourLines(grid, level) {
  const segments = [];
  for (let r = 0; r + 1 < grid.length; r++) {
    for (let c = 0; c + 1 < grid[0].length; c++) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const heights = corners.map(([i, j]) => grid[j][i] - level);
      if (!heights.every(Number.isFinite)) continue;
      const crossings = [];
      corners.forEach(([i, j], e) => {
        const [k, l] = corners[(e + 1) % 4], here = heights[e], there = heights[(e + 1) % 4];
        if (here < 0 === there < 0) return;
        const t = here / (here - there);
        crossings.push([i + t * (k - i), j + t * (l - j)]);
      });
      for (let n = 0; n + 1 < crossings.length; n += 2) segments.push([crossings[n], crossings[n + 1]]);
    }
  }
  return segments;
}

// The value at a place between two entries of a list: betweenOf([0, 10], 0.5) is 5.
function betweenOf(values, place) {
  const i = Math.min(Math.floor(place), values.length - 2);
  return values[i] + (place - i) * (values[i + 1] - values[i]);
}
