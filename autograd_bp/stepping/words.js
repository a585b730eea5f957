// What a step says: its title, a sentence, and formulas with the numbers in them.
const MAX_LINES = 40;
const symbol = (i) => mi(NODES[i].name);
const valueOf = (i) => state.value[i];

function line(note, ...parts) {
  const box = document.createElement("div");
  box.className = "formula";
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    box.append(small);
  }
  // One piece for each side of an equation: MathML does not break lines, but between them
  // the text can.
  const pieces = [[]];
  for (const part of parts) {
    if (part === "=") pieces.push([]);
    pieces[pieces.length - 1].push(part);
  }
  for (const piece of pieces.filter((parts) => parts.length)) {
    const math = element("math", mrow(...piece));
    math.setAttribute("displaystyle", "true");
    box.append(math, " ");
  }
  return box;
}
function gammaLine(...x) {
  const box = line(...x);
  box.classList.add("gamma");
  return box;
}
// What stands in the places of a template: the names or the numbers of the inputs and the output.
const isUnnamed = (node) => node.kind === "constant" && node.name === show(Number(node.value));
const inputOf = (i, slot) => (slot === "y" ? i : NODES[i].parents[slot]);
const numberIn = (i, bracket) => (bracket ? bracketed(valueOf(i)) : mn(valueOf(i)));
const nameIn = (i, bracket) => (isUnnamed(NODES[i]) ? numberIn(i, bracket) : symbol(i));
const namesOf = (i) => (slot, bracket) => nameIn(inputOf(i, slot), bracket);
const numbersOf = (i) => (slot, bracket) => numberIn(inputOf(i, slot), bracket);

function describe(step) {
  const node = NODES[step.node];
  if (step.kind === "leaves") {
    const leaves = NODES.filter((leaf) => leaf.kind === "leaf").length;
    return { title: "Start: what is given", words: `${leaves} inputs and weights are given; ` +
      "everything else is computed from them, one operation at a time.", lines: [] };
  }
  if (step.kind === "forward") {
    const result = valueOf(step.node);
    return {
      title: `Forward: ${node.name}`,
      words: `${node.op}: ${node.name} = ${show(result)}. ` +
        "On the edges: how much it changes with each input.",
      lines: [
        line("the operation", symbol(step.node), ...operation(node, namesOf(step.node))),
        line("with the numbers", symbol(step.node), ...operation(node, numbersOf(step.node)), "=", mn(result)),
      ],
    };
  }
  if (step.kind === "seed") {
    return { title: `Backward starts at ${node.name}`,
      words: `The derivative of ${node.name} by itself is 1. From here the wave goes back.`,
      lines: [line("", partial(node.name, node.name), "=", mn(1))] };
  }
  return describeSweep(step, node);
}

function describeSweep(step, node) {
  const sweep = state.sweeps[step.sweep];
  const lines = [...gammaLines(step.node)];
  const shown = sweep.added.filter((share) => NODES[share.parent].kind !== "constant");
  for (const share of shown.slice(0, MAX_LINES)) {
    const parent = NODES[share.parent];
    const local = localFormula(node, share.k, namesOf(step.node)) || partial(node.name, parent.name);
    const note = share.closed && share.partial !== 0 && sweep.gradient !== 0 ? "closed" :
      share.before === 0 ? "" : `it had ${show(share.before)}, now it is ${show(share.after)}`;
    lines.push(line(`to ${parent.name}${note ? ": " + note : ""}`,
      partial(OUTPUT, parent.name), "+=", partial(OUTPUT, node.name), "·", local, "=",
      bracketed(sweep.gradient), "·", bracketed(share.partial), "=", mn(share.amount)));
  }
  lines.push(...changeLines(step.node));
  const words = `${node.name} has its whole gradient, ${show(sweep.gradient)}. Times each local ` +
    "derivative, it is added to the gradient of each input.";
  return { title: `Backward: ${node.name}`, words, lines };
}

const GAMMAS = { node: new Map(), alpha: new Map() };
for (const gamma of DATA.gammas) {
  GAMMAS.node.set(gamma.node, gamma);
  GAMMAS.alpha.set(gamma.alpha, gamma);
}
const gammaName = (alpha) => {
  const index = /\[(.*)\]/.exec(NODES[alpha].name);
  return mi(index ? `γ[${index[1]}]` : "γ");
};
// γ of the post, where the node is the output of a sigmoid neuron.
function gammaLines(i) {
  const neuron = GAMMAS.node.get(i);
  if (!neuron) return [];
  const y = valueOf(i), γ = gammaName(neuron.alpha), result = state.grad[neuron.alpha];
  const slope = [symbol(i), "(", mn(1), "−", symbol(i), ")"];
  const slopeNumbers = [bracketed(y), "·", mrow("(", mn(1), "−", bracketed(y), ")"), "·"];
  if (neuron.desired !== null) {
    const d = neuron.desired;
    return [
      gammaLine("γ of an output neuron", γ, "=", ...slope, "(", symbol(d), "−", symbol(i), ")"),
      gammaLine("", "=", ...slopeNumbers, "(", mn(valueOf(d)), "−", bracketed(y), ")", "=", mn(result)),
    ];
  }
  const products = neuron.next.map(([alpha, weight]) => mrow(gammaName(alpha), symbol(weight)));
  const numberProducts = neuron.next.map(([alpha, weight]) =>
    mrow(bracketed(state.grad[alpha]), "·", bracketed(valueOf(weight))));
  return [
    gammaLine("γ of a hidden neuron: the γ's after it, through their weights",
      γ, "=", ...slope, "(", ...sumOf(products), ")"),
    gammaLine("", "=", ...slopeNumbers, "(", ...sumOf(numberProducts), ")", "=", mn(result)),
  ];
}
// Δw of the post, where the node is the stimulus of a sigmoid neuron.
function changeLines(i) {
  const neuron = GAMMAS.alpha.get(i);
  if (!neuron) return [];
  return neuron.inputs.slice(0, MAX_LINES).map(([weight, input], k) => {
    const γ = state.grad[i], y = valueOf(input);
    return gammaLine(k ? "" : "the change of each weight, Δw = δ y γ",
      "Δ", symbol(weight), "=", element("mi", "δ"), nameIn(input, true),
      gammaName(i), "=", mn(rate), "·", bracketed(y), "·", bracketed(γ), "=", mn(rate * y * γ));
  });
}
