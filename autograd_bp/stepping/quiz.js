// A quiz: the number of the step is hidden, and is asked for.
let asked = null;
const near = (x, y) => x === y || Math.abs(x - y) <= 0.011 * Math.abs(y);

// What a step asks for: in words, the number, and what wrong answers are made of.
function questionOf(step) {
  const node = NODES[step.node];
  if (step.kind === "forward") {
    return { words: `What is ${node.name}?`, right: valueOf(step.node), others: [
      ...node.parents.map((parent) => [valueOf(parent), `That is the input ${NODES[parent].name}.`]),
      [-valueOf(step.node), "The size is right, the sign is not."],
    ], last: `No. The operation is ${node.op}, of ${node.parents.map((parent) => show(valueOf(parent))).join(", ")}.` };
  }
  if (step.kind !== "backward") return null;
  const sweep = state.sweeps[step.sweep];
  const open = sweep.added.filter((share) => !share.closed && NODES[share.parent].kind !== "constant");
  if (!open.length) return null;
  const share = open[0], parent = NODES[share.parent].name;
  const local = `∂${node.name}/∂${parent} = ${show(share.partial)}`;
  return { words: `How much is added to ∂${OUTPUT}/∂${parent}?`, right: share.amount, others: [
    [sweep.gradient, `That is the gradient of ${node.name} alone: it is missing the local derivative ${local}.`],
    [share.partial, `That is the local derivative ${local} alone: multiply it by the gradient of ${node.name}, ${show(sweep.gradient)}.`],
    [-share.amount, `The size is right, the sign is not: the local derivative is ${local}.`],
    ...open.slice(1).map((other) => [other.amount, `That is what ${NODES[other.parent].name} gets: its local derivative is ${show(other.partial)}, and that of ${parent} is ${show(share.partial)}.`]),
    [share.after, "That is what it has afterwards: only what is added is asked for."],
  ], last: `Gradient times local derivative: ${show(sweep.gradient)} times ${local}.` };
}
function ask() {
  asked = $("quiz").checked ? questionOf(steps[at]) : null;
  $("question").hidden = !asked;
  $("formulas").hidden = Boolean(asked);
  document.body.classList.toggle("asking", Boolean(asked));
  if (!asked) return;
  pause();
  $("ask").textContent = asked.words;
  $("words").textContent = "Work it out from the numbers in the picture. One percent off is near enough.";
  $("answer").value = $("verdict").textContent = "";
  hideNumbers(steps[at]);
}
function hideNumbers(step) {
  if (step.kind === "forward") {
    for (const box of drawn.cards.get(step.node) || []) box.querySelector(".v").textContent = "?";
    return;
  }
  for (const share of state.sweeps[step.sweep].added) {
    for (const box of drawn.cards.get(share.parent) || []) {
      if (box.querySelector(".g") && !share.closed) box.querySelector(".g").textContent = "∂ ?";
    }
  }
}
function answered(text) {
  const x = Number(text.trim().replace(/−/g, "-").replace(",", "."));
  if (!text.trim() || Number.isNaN(x)) return "Write a number, as 0.25 or 3e-4.";
  if (near(x, asked.right)) return "";
  const known = asked.others.find(([number]) => near(x, number));
  return known ? known[1] : asked.last;
}
function settle(words) {
  const right = asked.right;
  asked = null;
  document.body.classList.remove("asking");
  $("formulas").hidden = false;
  $("verdict").textContent = `${words} ${show(right)}.`;
  paint();
}
$("question").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!asked) return jump(MOVES.ArrowRight);
  const words = answered($("answer").value);
  if (words) $("verdict").textContent = words;
  else settle("Right:");
});
$("tell").addEventListener("click", () => { if (asked) settle("It is"); });
$("quiz").addEventListener("change", () => go(at));
