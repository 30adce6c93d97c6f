// JacobianPainter in the browser: a matrix whose headings are buttons. An output paints its row,
// an input its column; the kernel runs one pass for each.

function render({ model, el }) {
  const { inputs, outputs, x, y } = model.get("_data"), m = outputs.length, n = inputs.length;
  const frame = openFrame({ model, el }, { title: `A Jacobian: ${plural(m, "output")}, ${plural(n, "input")}` });
  const wide = n > 12;
  let cells, passes, lastPass, checked;

  // -- page furniture
  const matrix = make("table", { class: `mtf-jacobian${wide ? " mtf-is-wide" : ""}` }), readout = make("p", { class: "mtf-readout" });
  const counters = make("p", { class: "mtf-passes" });
  const columnButtons = inputs.map((name, j) => button(`Paint the column of ${name}: one forward pass`, wide ? String(j) : name, () => ask("column", j)));
  const rowButtons = outputs.map((name, i) => button(`Paint the row of ${name}: one reverse pass`, name, () => ask("row", i)));
  const nextRow = () => ask("row", nextOf("row")), nextColumn = () => ask("column", nextOf("column"));
  const compare = () => afterGate(() => frame.request("check", {}, (reply) => { checked = reply.jacobian; say(verdict()); }));
  frame.addControls(button("Paint the next row (R)", "Next row", nextRow), button("Paint the next column (C)", "Next column", nextColumn),
    button("Compare with tape.jacobian (J)", "Compare", compare), button("Clear the matrix (X)", "Clear", clear));
  Object.assign(frame.keys, { r: nextRow, c: nextColumn, j: compare, x: clear });
  frame.body.append(counters, make("div", { class: "mtf-jacobian-room" }, matrix), readout);
  frame.legend(["reverse", "row, by a reverse pass"], ["forward", "column, by a forward pass"], ["heat", "− 0 +"]);

  // -- painting
  function afterGate(action) {
    const ways = ["rows, by reverse passes", "columns, by forward passes", "no difference"];
    frame.predict([
      { key: "cheaper", text: "fewest passes for the whole matrix", kind: "choice", choices: ways, answer: ways[m < n ? 0 : m > n ? 1 : 2],
        hint: (given) => (given === ways[0] ? `one reverse pass gives one row, and there are ${plural(m, "output")}.` : given === ways[1] ? `one forward pass gives one column, and there are ${plural(n, "input")}.` : "") },
      { key: "passes", text: "how many passes that takes", kind: "number", answer: Math.min(m, n) },
    ], action, { intro: "Before you paint:" });
  }

  const ask = (way, index) => afterGate(() => paint(way, index));

  // The next heading whose cells are not all known, or the first.
  function nextOf(way) {
    const open = [...Array(way === "row" ? m : n).keys()].find((k) => line(way, k).some((cell) => cell.number === null));
    return open ?? 0;
  }

  const line = (way, k) => (way === "row" ? cells[k] : cells.map((row) => row[k]));

  function paint(way, index) {
    frame.request(way, { index }, (reply) => {
      passes[way] += 1;
      lastPass = { way, index };
      line(way, index).forEach((cell, k) => {
        const number = toNumber(reply.numbers[k]);
        cell.agrees = cell.number === null || isSame(cell.number, number);
        cell.number = number;
        cell.by.add(way);
      });
      show();
      say(story(way, index));
    }, { every: true });
  }

  function story(way, index) {
    const row = way === "row", name = row ? outputs[index] : inputs[index];
    const did = row
      ? `Reverse pass ${passes.row}: start with 1 at ${name} and 0 at the other outputs. The tape, read once backwards, gives the whole row: ∂${name} by each input.`
      : `Forward pass ${passes.column}: move ${name} by 1 and nothing else. One run forward gives the whole column: each output by ∂${name}.`;
    const odd = line(way, index).findIndex((cell) => !cell.agrees);
    if (odd >= 0) return `${did} A number differs from what an earlier pass gave: does the function give the same result on every call?`;
    return isComplete() ? `${did} The matrix is complete after ${spent()}.${bestWay()}` : did;
  }

  const spent = () => [passes.row && plural(passes.row, "reverse pass", "reverse passes"), passes.column && plural(passes.column, "forward pass", "forward passes")].filter(Boolean).join(" and ");
  const isComplete = () => cells.flat().every((cell) => cell.number !== null);

  function bestWay() {
    const fewest = Math.min(m, n);
    if (passes.row + passes.column <= fewest) return " Fewer is not possible this way.";
    return ` ${plural(fewest, "pass", "passes")} would do: ${m <= n ? "rows, as there are no more outputs than inputs" : "columns, as there are fewer inputs than outputs"}.`;
  }

  function verdict() {
    const known = cells.flatMap((row, i) => row.map((cell, j) => [cell.number, toNumber(checked[i][j])])).filter(([number]) => number !== null);
    const cost = `tape.jacobian ran ${plural(m, "reverse pass", "reverse passes")}, one per output.`;
    if (known.length === 0) return `${cost} Paint something to compare with it.`;
    const worst = Math.max(...known.map(([a, b]) => (isSame(a, b) ? Math.abs(a - b) || 0 : Infinity)));
    frame.root.dataset.agrees = String(worst !== Infinity);
    return worst === Infinity ? `${cost} It differs from what you painted: does the function give the same result on every call?`
      : `${cost} Your ${plural(known.length, "number")} agree with it; the largest difference is ${brief(worst)}.`;
  }

  // Equal up to the rounding of float32.
  const isSame = (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-4 * (1 + Math.abs(a));

  function clear() {
    cells = outputs.map(() => inputs.map(() => ({ number: null, by: new Set(), agrees: true })));
    passes = { row: 0, column: 0 };
    lastPass = checked = null;
    delete frame.root.dataset.agrees;
    show();
    say(`An empty Jacobian: ${m} × ${n} = ${m * n} numbers. Choose an output to paint its row, or an input to paint its column.`);
  }

  function say(text) { frame.say(text); frame.refreshTable(); }

  function show() {
    const most = largestOf([cells.flat().map((cell) => cell.number ?? 0)]);
    const body = cells.map((row, i) => make("tr", {}, make("th", { scope: "row" }, rowButtons[i]), ...row.map((cell, j) => cellOf(cell, i, j, most))));
    const focused = matrix.contains(document.activeElement) ? document.activeElement : null;
    matrix.replaceChildren(make("thead", {}, make("tr", {}, make("td", {}, "∂ row / ∂ column"), ...columnButtons.map((b) => make("th", { scope: "col" }, b)))), make("tbody", {}, ...body));
    focused?.focus({ preventScroll: true });
    const known = cells.flat().filter((cell) => cell.number !== null).length;
    counters.replaceChildren(make("span", { class: "mtf-count-reverse" }, plural(passes.row, "reverse pass", "reverse passes")),
      make("span", { class: "mtf-count-forward" }, plural(passes.column, "forward pass", "forward passes")), make("span", {}, `${known} of ${m * n} numbers known`));
    readout.textContent = wide ? "Point at a number to read it; T shows all of them." : "";
    Object.assign(frame.root.dataset, { reverse: passes.row, forward: passes.column, known });
  }

  function cellOf(cell, i, j, most) {
    const td = make("td"), words = `∂${outputs[i]}/∂${inputs[j]} = ${cell.number === null ? "?" : brief(cell.number)}`;
    td.title = words;
    td.textContent = cell.number === null ? "?" : wide ? "" : brief(cell.number);
    td.addEventListener("mouseenter", () => { if (wide) readout.textContent = words; });
    if (cell.number === null) return td;
    const { rgb, white } = shade(cell.number, most);
    td.style = `background: rgb(${rgb.join()}); color: ${white ? "#fff" : "#000"}`;
    for (const way of cell.by) td.classList.add(`mtf-by-${way}`);
    td.classList.toggle("mtf-is-now", lastPass !== null && (lastPass.way === "row" ? i : j) === lastPass.index);
    return td;
  }

  frame.setTable(() => {
    const number = (i, j) => (cells[i][j].number === null ? "?" : brief(cells[i][j].number));
    const ways = { row: "reverse", column: "forward" };
    return [
      tableFrom("Jacobian", ["output", "value", ...inputs.map((name) => `by ${name}`)], outputs.map((name, i) => [name, brief(y[i]), ...inputs.map((_, j) => number(i, j))])),
      tableFrom("Inputs", ["input", "value", "painted by"], inputs.map((name, j) => [name, brief(x[j]), [...new Set(cells.flatMap((row) => [...row[j].by]))].map((way) => ways[way]).join(", ") || "nothing yet"])),
    ];
  });

  clear();
  afterGate(() => {});
  return frame.close;
}

export default { render };
