// TraceTheatre in the browser: a log of calls, the cache of traces, a graph before and after a pass.

function render({ model, el }) {
  const { name, earlier, calls, outcomes, traces, predict } = model.get("_data");
  const frame = openFrame({ model, el }, { title: `Calls of ${name}` });
  let now = 0, remark = "", shown = null;
  const log = grid("Calls", ["", "call", "outcome", "trace", "printed"]), cache = grid("Cache", ["trace", "signature", "calls", "operations"]);
  const steps = stepper(frame, { last: calls.length, want: ask, label: (k, n) => `call ${k} of ${n}` });
  const ofTrace = choice({ label: "graph of", options: traces.map((_, k) => [`${k}`, `trace ${k + 1}`]), onChange: () => look() });
  const ofPass = choice({ label: "pass", options: [["0", ""]], onChange: () => look() });
  const next = button("Next pass (P)", "Next pass (P)", () => { ofPass.set(`${(Number(ofPass.value()) + 1) % stages().length}`); look(); });
  const bar = make("div", { class: "mtf-bar-row mtf-stage-bar" }, ofTrace.element, ofPass.element, next);
  const told = make("p", { class: "mtf-told", role: "status" });
  const sides = ["before", "after"].map((side) => {
    const head = make("strong", {}), picture = make("div", { class: "mtf-pass-picture", tabindex: "0", role: "region", "aria-label": `Graph ${side} the pass` });
    return { side, head, picture, element: make("section", {}, head, picture) };
  });
  const stage = make("div", { class: "mtf-pass-stage" }, bar, told, make("div", { class: "mtf-pass-pair" }, ...sides.map((s) => s.element)));
  frame.body.append(make("div", { class: "mtf-call-pair" }, log.element, cache.element), stage);
  frame.keys.p = () => { if (!stage.hidden) next.click(); };
  frame.legend(["op-forward", "forward"], ["op-backward", "backward: made by a tape's gradient"], ["op-update", "update: uses the gradients"], ["op-gone", "− gone"], ["op-new", "+ new"], ["op-changed", "~ other inputs or operation"]);
  frame.setTable(tables);

  const questions = calls.map((call, k) => ({ key: `call ${k + 1}`, step: k + 1, kind: "choice", text: call.text, choices: outcomes, answer: call.said, hint: hintFor }));
  const stages = () => traces[Number(ofTrace.value())].stages;
  const isKnown = (k) => k < earlier || calls.slice(0, now).some((call) => call.trace === k);

  function hintFor(given) {
    return given ? "compare dtypes, shapes and Python values with the signatures in the cache." : "";
  }

  // -- the calls
  function ask(target) {
    const first = predict ? questions.find((q) => !frame.isSettled(q.key) && q.step <= target && q.step > now) : null;
    if (!first) { frame.closeGate(); return go(target); }
    const resume = steps.playing();
    steps.pause();
    if (now !== first.step - 1) go(first.step - 1);
    frame.predict([first], (right) => {
      remark = right ? "Your prediction is right. " : "";
      go(first.step);
      if (target > now) ask(target);
      if (resume && !frame.root.dataset.asking) steps.start();
    }, { intro: `Call ${first.step}:` });
  }

  function go(k) {
    now = k;
    steps.show(k);
    const call = calls[k - 1];
    frame.phase(call ? call.said : "start", call?.outcome === "traced" ? "reverse" : call ? "forward" : "start");
    const ran = call && call.trace !== null ? ` (trace ${call.trace + 1})` : "";
    frame.say(call ? `${remark}Call ${k}, ${call.text}: ${call.said}${ran}. ${call.why}` : "No call has been made yet. The cache is "
      + (earlier ? `not empty: ${plural(earlier, "trace")} from before.` : "empty."));
    remark = "";
    log.fill(calls.slice(0, k).map((c, i) => ({ cells: [`${i + 1}`, c.text, c.said, c.trace === null ? "–" : `${c.trace + 1}`, c.printed], now: i === k - 1, kind: c.outcome })));
    cache.fill(traces.flatMap((t, i) => (isKnown(i) ? [{ cells: [`${i + 1}`, t.signature.join("\n"), `${calls.slice(0, k).filter((c) => c.trace === i).length}`,
      `${t.stages[0].before.length} → ${t.stages.at(-1).after.length}`], now: call?.trace === i, kind: call?.trace === i ? call.outcome : "" }] : [])));
    stage.hidden = !traces.some((_, i) => isKnown(i));
    [...ofTrace.element.querySelector("select").options].forEach((option, i) => { option.hidden = option.disabled = !isKnown(i); });
    ofTrace.element.hidden = traces.filter((_, i) => isKnown(i)).length < 2;
    if (!stage.hidden) {
      const wanted = call?.trace ?? traces.findIndex((_, i) => isKnown(i));
      if (shown === null || !isKnown(Number(ofTrace.value())) || call?.trace !== null) ofTrace.set(`${Math.max(0, wanted)}`);
      look();
    }
    frame.refreshTable();
  }

  // A small table whose rows are replaced.
  function grid(caption, head) {
    const body = make("tbody", {});
    const element = make("div", { class: "mtf-grid-box", tabindex: "0", role: "region", "aria-label": caption },
      make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head.map((h) => make("th", { scope: "col" }, h)))), body));
    return {
      element,
      fill(rows) {
        body.replaceChildren(...rows.map(({ cells, now: isNow, kind }) => {
          const row = make("tr", {}, ...cells.map((c) => make("td", {}, c)));
          row.className = isNow ? `mtf-is-now mtf-was-${kind}` : "";
          return row;
        }));
        element.scrollTop = element.scrollHeight;
      },
    };
  }

  // -- the passes
  function look() {
    const trace = Number(ofTrace.value()), list = stages();
    const select = ofPass.element.querySelector("select"), kept = Math.min(Number(select.value) || 0, list.length - 1);
    if (shown !== trace) {
      select.replaceChildren(...list.map((s, k) => new Option(`${k + 1} of ${list.length}: ${s.name}, ${s.before.length} → ${s.after.length}`, `${k}`)));
      select.value = `${shown === null ? firstThatActs(list) : kept}`;
      shown = trace;
    }
    const k = Number(select.value), s = list[k];
    frame.root.dataset.pass = `${trace} ${k}`;
    told.textContent = passWords(s);
    sides.forEach(({ side, head }, i) => { head.textContent = `${side}: ${plural(s[side].length, "operation")} (${partWords(s.parts[i])})`; });
    frame.refreshTable();
    frame.request("stage", { trace, stage: k }, (reply) => {
      if (frame.root.dataset.pass !== `${trace} ${k}`) return;
      sides.forEach(({ side, picture }) => { picture.innerHTML = reply[side]; picture.hidden = !reply[side]; fitIn(picture); });
      if (reply.problem) told.textContent = `${passWords(s)} ${reply.problem}`;
      frame.root.dataset.drawn = `${trace} ${k}`;
    });
  }

  // A little too wide is made smaller; much too wide scrolls, so that it stays readable.
  function fitIn(picture) {
    const svg = picture.querySelector("svg"), wide = svg?.width.baseVal.value;
    if (svg) svg.style.width = `${Math.max(0.72 * wide, Math.min(wide, picture.clientWidth - 2))}px`;
  }

  const firstThatActs = (list) => Math.max(0, list.findIndex((s) => s.changes.length));
  const partWords = (parts) => Object.entries(parts).filter(([, n]) => n).map(([part, n]) => `${part} ${n}`).join(", ");

  function passWords(s) {
    if (!s.on) return `${s.name} is switched off in tf.config.optimizer.`;
    const did = s.changes.length ? `Here: ${s.changes.join(", ")}.` : "Nothing to do here.";
    return `${s.name}: ${s.words} ${did}`;
  }

  function tables() {
    const said = calls.slice(0, now).map((c, i) => [`${i + 1}`, c.text, c.said, c.trace === null ? "–" : `${c.trace + 1}`, c.why, c.printed]);
    const kept = traces.flatMap((t, i) => (isKnown(i) ? [[`${i + 1}`, t.signature.join("; ")]] : []));
    const found = [tableFrom("Calls", ["call", "arguments", "outcome", "trace", "why", "printed"], said.length ? said : [["–", "no call yet", "", "", "", ""]])];
    if (!kept.length) return found;
    const s = stages()[Number(ofPass.value())];
    const sign = { marked: ["gone", "new"], changed: ["", "other inputs or operation"], "": ["", ""] };
    const rows = ["before", "after"].flatMap((side, i) => s[side].map(([text, part, state]) => [side, text, part, sign[state][i]]));
    return [...found, tableFrom("Cache", ["trace", "signature"], kept), tableFrom(`Operations before and after ${s.name}`, ["", "operation", "part", ""], rows)];
  }

  go(0);
  if (predict) ask(1);
  return frame.close;
}

export default { render };
