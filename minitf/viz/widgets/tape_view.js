// TapeView in the browser: code, one or two tapes as tables, and the frames of their film.

const TAPE_PHASES = { start: "start", forward: "recording", seed: "backward: seed", reverse: "backward", done: "done" };

function render({ model, el }) {
  const { takes } = model.get("_data");
  const frame = openFrame({ model, el }, { title: "What the tape writes down" });
  let take, frames, parts, code, now = 0, remark = "";
  const rule = make("div", { class: "mtf-rule", "aria-hidden": "true" });
  const stage = make("div", { class: "mtf-tapes" });
  const placing = choice({ label: "inner gradient", options: takes.map((t, k) => [`${k}`, t.label]), onChange: (k) => load(Number(k)) });
  const steps = stepper(frame, { last: 0, want: ask });
  if (takes.length > 1) frame.addControls(placing.element);
  frame.body.append(stage, rule);
  frame.legend(["forward", "value, written while recording"], ["reverse", "gradient, read backwards"], ["kept", "bytes the rows keep alive"]);
  frame.setTable(tables);

  function load(k) {
    steps.pause();
    take = takes[k];
    frames = take.frames;
    code = codeList(take.lines);
    parts = take.tapes.map(tapePanel);
    stage.classList.toggle("mtf-two", parts.length > 1);
    stage.classList.toggle("mtf-wide", parts.length === 1 && take.tapes[0].rows.some(needsRoom));
    stage.replaceChildren(code.element, ...parts.map((p) => p.element));
    now = 0;
    frame.closeGate();
    steps.setLast(frames.length - 1);
    paint();
  }

  // Long names and arrays: the code then stands above the tape, not beside it.
  function needsRoom(row) {
    return row.output.length > 14 || row.text.length > 18 || row.value.length > 12;
  }

  // -- moving, with questions on the way
  function ask(target) {
    const first = take.questions.find((q) => !frame.isSettled(q.key) && q.step <= target);
    if (!first) { frame.closeGate(); now = target; return paint(); }
    const resume = steps.playing();
    steps.pause();
    now = first.step - 1;
    paint();
    const due = take.questions.filter((q) => q.step === first.step && !frame.isSettled(q.key));
    frame.predict(due.map((q) => ({ ...q, hint: (given) => (q.hint && given ? q.hint : "") })), (right) => {
      remark = right ? "Your prediction is right. " : "";
      ask(resume ? now + 1 : target);
      if (resume && !frame.root.dataset.asking) steps.start();
    }, { intro: "Before the tape is read backwards:" });
  }

  // -- painting one frame
  function paint() {
    const f = frames[now], seen = frames.slice(0, now + 1);
    const upstream = take.tapes.map(() => ({})), arrived = take.tapes.map(() => ({}));
    for (const g of seen) {
      for (const [t, row, text] of g.upstream) upstream[t][row] = text;
      Object.assign(arrived[g.tape], g.arrived);
    }
    steps.show(now);
    frame.phase(parts.length > 1 && f.phase !== "start" ? `${take.tapes[f.tape].title}: ${TAPE_PHASES[f.phase]}` : TAPE_PHASES[f.phase], f.phase);
    frame.say(remark + f.sentence);
    remark = "";
    code.light(f.line);
    parts.forEach((p, t) => p.paint({ shown: f.shown[t], now: f.now[t], memory: f.memory[t], upstream: upstream[t], arrived: arrived[t],
      reading: f.tape === t && f.phase === "reverse", isDone: seen.some((g) => g.tape === t && g.phase === "done") }));
    paintRule(f);
    frame.refreshTable();
  }

  function paintRule(f) {
    rule.hidden = f.parts.length === 0;
    rule.replaceChildren(...f.parts.map((part) => {
      const local = part.rule ? `${part.symbol} = ${part.rule}` : part.symbol;
      const sum = part.terms.length > 1 ? `${part.name}: Σ ${part.terms.map(inBrackets).join(" + ")} = ${part.total}` : `${part.name} has ${part.total}`;
      return make("div", {}, make("span", {}, local), make("b", {}, part.text), make("span", {}, sum));
    }));
  }

  // -- the code
  function codeList(lines) {
    const items = lines.map(({ number, text, title }) => {
      const item = make("li", {}, make("b", {}, `${number}`), make("code", {}, text || " "));
      return title ? [make("li", { class: "mtf-code-title" }, title), item] : [item];
    });
    const element = make("ol", { class: "mtf-listing", tabindex: "0", "aria-label": "Your code. Left and right arrow keys step." }, ...items.flat());
    const last = items.map((pair) => pair.at(-1));
    element.hidden = lines.length === 0;
    return {
      element,
      light(line) {
        last.forEach((item, k) => item.classList.toggle("mtf-is-now", k === line));
        if (line !== null) into(element, last[line]);
      },
    };
  }

  // Scrolls inside the box only, never the page.
  function into(box, item) {
    const room = box.getBoundingClientRect(), place = item.getBoundingClientRect();
    if (place.top < room.top + 30) box.scrollTop -= room.top + 30 - place.top;
    if (place.bottom > room.bottom) box.scrollTop += place.bottom - room.bottom;
  }

  // -- one tape
  function tapePanel({ title, target, rows, sources }) {
    const meter = make("div", { class: "mtf-meter" }, make("i", {})), bytes = make("span", { class: "mtf-counter" });
    const lines = rows.map((row, k) => {
      const keeps = make("td", { title: row.keeps.join(", ") }, row.keeps.join(", ")), back = make("td", { class: "mtf-back" });
      const value = make("td", { class: "mtf-front" }, row.value);
      const element = make("tr", { hidden: "" }, make("th", { scope: "row" }, `${k + 1}`), make("td", { title: row.output }, row.output),
        make("td", { class: "mtf-op", title: `${row.text} (${row.op})` }, row.text), value, keeps, back);
      return { element, back };
    });
    const head = ["row", "result", "computed as", "value", "newly kept", "upstream"].map((text) => make("th", { scope: "col" }, text));
    const rowsBox = make("div", { class: "mtf-rows", tabindex: "0", role: "region", "aria-label": `${title}: its rows` },
      make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines.map((line) => line.element))));
    const found = make("p", { class: "mtf-arrived" });
    const element = make("section", { class: "mtf-tape", "aria-label": title },
      make("div", { class: "mtf-tape-head" }, make("strong", {}, title), meter, bytes), rowsBox, found);

    function paint({ shown, now: row, memory, upstream, arrived, reading, isDone }) {
      lines.forEach((line, k) => {
        line.element.hidden = k >= shown;
        line.element.classList.toggle("mtf-is-now", k === row);
        line.element.classList.toggle("mtf-is-read", reading && k === row);
        line.back.textContent = upstream[k] ?? (isDone ? "–" : "");
        line.back.classList.toggle("mtf-is-known", k in upstream);
      });
      meter.firstChild.style.width = `${(100 * memory) / take.most}%`;
      bytes.textContent = `${plural(memory, "byte")} kept`;
      const text = (name) => (name in arrived ? `${arrived[name]}${isDone ? "" : " so far"}` : isDone ? "None" : "?");
      found.textContent = `gradients of ${target}: ${sources.map((name) => `${name} ${text(name)}`).join(",  ")}`;
      if (row !== null) into(rowsBox, lines[row].element);
    }
    return { element, paint };
  }

  function tables() {
    const f = frames[now];
    const known = take.tapes.map((tape, t) => {
      const upstream = {};
      for (const g of frames.slice(0, now + 1)) for (const [of, row, text] of g.upstream) if (of === t) upstream[row] = text;
      const rows = tape.rows.slice(0, f.shown[t]).map((row, k) => [`${k + 1}`, row.output, row.op, row.inputs.join(", "), row.value,
        row.keeps.join(", "), `${row.total}`, upstream[k] ?? "?"]);
      return tableFrom(`${tape.title} at step ${now}`, ["row", "result", "operation", "inputs", "value", "newly kept", "bytes up to here", "upstream"],
        rows.length ? rows : [["–", "no row yet", "", "", "", "", "0", ""]]);
    });
    const code = tableFrom("Code", ["line", "text"], take.lines.map((line) => [`${line.number}`, line.text]));
    return [...known, code];
  }

  load(0);
  return frame.close;
}

export default { render };
