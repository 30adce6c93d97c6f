// A part: pictures of digits, their saliency and their probabilities, for DigitPad and NetInspector.

// A figure whose canvas and caption can be replaced: {element, show(canvas or null), title(text)}.
function pictureBox(title) {
  const room = make("div", { class: "mtf-picture" }), caption = make("figcaption", {}, title);
  return {
    element: make("figure", { class: "mtf-picture-box" }, room, caption),
    show: (canvas) => room.replaceChildren(...(canvas ? [canvas] : [])),
    title: (text) => { caption.textContent = text; },
  };
}

// Shows d score / d pixel in a pictureBox: its size in the vermillion of gradients, or its sign.
function showSaliencyIn(box, { saliency, score_name: kind }, name, signed) {
  const most = largestOf(saliency), score = `∂ ${kind} of ${name} / ∂ pixel`;
  box.show(signed ? heatCanvas(saliency, most) : heatCanvas(saliency, most, (v) => redness(Math.abs(toNumber(v)) / most)));
  box.title(`${signed ? score : `|${score}|`}, at most ${brief(most)}`);
}

// From the page's white to the vermillion of gradients. t: 0 ... 1.
function redness(t) {
  const far = Math.min(1, Math.max(0, t || 0));
  return [213, 94, 0].map((c) => Math.round(255 + far * (c - 255)));
}

// 0.5 -> "50 %"; what is not quite certain does not become 100 %.
function percent(p) {
  const n = 100 * toNumber(p);
  if (!Number.isFinite(n)) return brief(p);
  return `${n > 99.9 && n < 100 ? "> 99.9" : n > 0 && n < 0.1 ? "< 0.1" : +n.toFixed(1)} %`;
}

// The numbers of a picture as a table with the rows and columns numbered.
function pictureTable(caption, rows, text = brief) {
  return tableFrom(caption, ["row", ...rows[0].map((_, c) => `${c}`)], rows.map((row, r) => [`${r}`, ...row.map(text)]));
}
