// What a step says: its title, a sentence, and formulas with the numbers in them.
const symbol = (i) => mi(NODES[i].name);
const plain = (x) => mn(x);
const bracketed = (x) => (x < 0 || Object.is(x, -0) ? mrow("(", mn(x), ")") : mn(x));
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
  for (const piece of pieces.filter((each) => each.length)) {
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
const isGiven = (node) => node.kind === "constant" && node.name === show(Number(node.value));
const named = (node) => (k) => symbol(node.parents[k]);
const numbers = (node) => (k) => plain(valueOf(node.parents[k]));
const factors = (node) => (k) => bracketed(valueOf(node.parents[k]));
const namedFactors = (node) => (k) => {
  const parent = node.parents[k];
  return isGiven(NODES[parent]) ? bracketed(valueOf(parent)) : symbol(parent);
};

function describe(step) {
  const node = NODES[step.node];
  if (step.kind === "leaves") {
    const leaves = NODES.filter((each) => each.kind === "leaf").length;
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
        line("the operation", symbol(step.node), "=", expression(node, named(node), namedFactors(node))),
        line("with the numbers", symbol(step.node), "=",
          expression(node, numbers(node), factors(node)), "=", mn(result)),
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
  const shown = sweep.added.filter((each) => NODES[each.parent].kind !== "constant");
  for (const each of shown.slice(0, 40)) {
    const parent = NODES[each.parent];
    const y = () => symbol(step.node);
    const local = localFormula(node, each.k, namedFactors(node), y);
    const parts = [partial(OUTPUT, parent.name), "+=", partial(OUTPUT, node.name), "·"];
    parts.push(local || partial(node.name, parent.name));
    parts.push("=", bracketed(sweep.gradient), "·", bracketed(each.partial), "=", mn(each.amount));
    const note = each.closed && each.partial !== 0 && sweep.gradient !== 0 ? "closed" :
      each.before === 0 ? "" : `it had ${show(each.before)}, now it is ${show(each.after)}`;
    lines.push(line(`to ${parent.name}${note ? ": " + note : ""}`, ...parts));
  }
  lines.push(...changeLines(step.node));
  const words = `${node.name} has its whole gradient, ${show(sweep.gradient)}. Times each local ` +
    "derivative, it is added to the gradient of each input.";
  return { title: `Backward: ${node.name}`, words, lines };
}

const gammaName = (alpha) => {
  const index = /\[(.*)\]/.exec(NODES[alpha].name);
  return mi(index ? `γ[${index[1]}]` : "γ");
};
// γ of the post, where the node is the output of a sigmoid neuron.
function gammaLines(i) {
  const found = DATA.gammas.find((each) => each.node === i);
  if (!found) return [];
  const y = valueOf(i), γ = gammaName(found.alpha), result = state.grad[found.alpha];
  const slope = [symbol(i), "(", mn(1), "−", symbol(i), ")"];
  const slopeNumbers = [bracketed(y), "·", mrow("(", mn(1), "−", bracketed(y), ")"), "·"];
  if (found.desired !== null) {
    const d = found.desired;
    return [
      gammaLine("γ of an output neuron", γ, "=", ...slope, "(", symbol(d), "−", symbol(i), ")"),
      gammaLine("", "=", ...slopeNumbers, "(", mn(valueOf(d)), "−", bracketed(y), ")", "=", mn(result)),
    ];
  }
  const sum = found.next.map(([alpha, weight]) => mrow(gammaName(alpha), symbol(weight)));
  const numbers = found.next.map(([alpha, weight]) =>
    mrow(bracketed(state.grad[alpha]), "·", bracketed(valueOf(weight))));
  return [
    gammaLine("γ of a hidden neuron: the γ's after it, through their weights",
      γ, "=", ...slope, "(", ...join(some(sum.length, (k) => sum[k]), "+"), ")"),
    gammaLine("", "=", ...slopeNumbers, "(", ...join(some(numbers.length, (k) => numbers[k]), "+"), ")",
      "=", mn(result)),
  ];
}
// Δw of the post, where the node is the stimulus of a sigmoid neuron.
function changeLines(i) {
  const found = DATA.gammas.find((each) => each.alpha === i);
  const node = NODES[i], n = Math.floor(node.parents.length / 2);
  if (!found || node.op !== "dot") return [];
  return [...Array(n).keys()].slice(0, 40).map((k) => {
    const weight = node.parents[k], input = node.parents[k + n];
    const γ = state.grad[i], y = valueOf(input);
    return gammaLine(k ? "" : "the change of each weight, Δw = δ y γ",
      "Δ", symbol(weight), "=", element("mi", "δ"), isGiven(NODES[input]) ? bracketed(y) : symbol(input),
      gammaName(i), "=", mn(rate), "·", bracketed(y), "·", bracketed(γ), "=", mn(rate * y * γ));
  });
}
