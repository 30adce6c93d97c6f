// CoinToss in the browser: a question, a slider, a curve that the kernel computes.

function render({ model, el }) {
  const { bias } = model.get("_data");
  const frame = openFrame({ model, el }, { title: "A coin" });
  const times = slider({ label: "tosses", min: 1, max: 600, step: 1, value: 20, onInput: toss });
  const p = plot({ title: "Share of heads", x: [0, 600], y: [0, 1], xLabel: "toss", yLabel: "share of heads" });
  let share = [];
  frame.addControls(times.element);
  frame.body.append(p.svg);
  frame.legend(["forward", "share of heads"]);
  frame.say("Say first how often the coin shows heads.");
  frame.setTable(() => tableFrom("Share of heads", ["toss", "share"], share.slice(0, 20).map((s, k) => [`${k + 1}`, brief(s)])));

  function toss() {
    frame.request("toss", { times: times.value() }, (reply) => {
      share = reply.share;
      p.line("share", share.map((s, k) => [k + 1, s]));
      frame.root.dataset.tosses = share.length;
      frame.say(`After ${plural(share.length, "toss", "tosses")} the share of heads is ${brief(share.at(-1))}.`);
      frame.refreshTable();
    }, { every: true });
  }

  frame.predict([{ key: "bias", text: "share of heads", kind: "number", answer: bias, hint: (given) => (parseNumber(given) > 1 ? "a share is at most 1." : "") }], toss);
  return frame.close;
}

export default { render };
