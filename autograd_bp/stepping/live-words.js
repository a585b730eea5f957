// What a step does, in words and formulas, with its numbers.
const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const index = (n) => [...String(n)].map((digit) => BELOW[digit]).join("");
function show(x, digits = 4) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const text = x === 0 ? "0" : size >= 1e-3 && size < 1e5 ? String(Number(x.toPrecision(digits)))
    : x.toExponential(Math.min(digits - 1, 2)).replace("e+", "e");
  return text.replace(/-/g, "−");
}
const factor = (x) => (x < 0 || Object.is(x, -0) ? `(${show(x)})` : show(x));
const ACTIVATION = {
  sigmoid: { name: "1 / (1 + e^−α)", slope: "y (1 − y)" },
  tanh: { name: "tanh α", slope: "(1 − y²)" },
  relu: { name: "the larger of α and 0", slope: "(1 where α > 0, else 0)" },
  linear: { name: "α", slope: "1" },
};

const LONGEST = 12; // terms of a sum that are written out
function sum(pairs, total) {
  const terms = pairs.slice(0, LONGEST).map(([a, b], k) => `${k ? factor(a) : show(a)}·${factor(b)}`);
  if (pairs.length > LONGEST) terms.push(`… (${pairs.length - LONGEST} more)`);
  return `${terms.join(" + ")} = ${show(total)}`;
}

// The title and the lines of a step.
function wordsOf(learner, step, rate) {
  const { net, value, grad } = learner, depth = net.layers.length;
  const place = step.l === depth - 1 ? "output neuron" : "hidden neuron";
  const name = `${place} ${step.n + 1}` + (depth > 2 ? ` of layer ${step.l + 1}` : "");
  if (step.kind === "inputs" || step.kind === "idle") {
    const x = net.inputs.map((i, k) => `x${index(k + 1)} = ${show(value[i])}`);
    const d = net.desired.map((i, k) => `d${index(k + 1)} = ${show(value[i])}`);
    const lines = [`Inputs: ${x.join(", ")}`, `Desired: ${d.join(", ")}`];
    if (step.kind === "inputs") return ["The row", lines];
    const z = net.layers[depth - 1].map((neuron, k) => `z${index(k + 1)} = ${show(value[neuron.out])}`);
    return ["The next row", [...lines, `What comes out now: ${z.join(", ")}`,
      "“Next neuron” follows it forward and back, “One row” takes its step at once."]];
  }
  if (step.kind === "P") {
    const outputs = net.layers[depth - 1].map((neuron) => value[neuron.out]);
    const squares = outputs.map((z, k) =>
      `(${show(value[net.desired[k]])} − ${factor(z)})²`);
    return ["The performance", [
      `P = −½ ${squares.length > 1 ? `[${squares.join(" + ")}]` : squares[0]} = ${show(value[value.length - 1])}`,
      "It is 0 where every output is what is desired, and below 0 elsewhere. Learning moves up.",
    ]];
  }
  if (step.kind === "update") {
    return ["The step", [
      `Every weight moves up the slope of P: w + δ · ∂P/∂w, with δ = ${show(rate)}.`,
      "Then comes the next row.",
    ]];
  }
  const neuron = net.layers[step.l][step.n], op = net.activations[step.l];
  const before = step.l ? net.layers[step.l - 1].map((other) => other.out) : net.inputs;
  const inputs = [-1, ...before.map((i) => value[i])];
  const weights = neuron.weights.map((i) => value[i]);
  const y = step.l === depth - 1 ? "z" : "y";
  if (step.kind === "forward") {
    const lines = [
      `α = Σ w·y = ${sum(weights.map((w, k) => [w, inputs[k]]), value[neuron.sum])}`,
    ];
    if (op !== "linear") lines.push(`${y} = ${ACTIVATION[op].name} = ${show(value[neuron.out])}`);
    return [`Forward: ${name}`, lines];
  }
  const gamma = grad[neuron.sum], slope = ACTIVATION[op].slope.replaceAll("y", y);
  const lines = [];
  if (step.l === depth - 1) {
    const d = value[net.desired[step.n]];
    lines.push(`γ = ${op === "linear" ? "" : `${slope} · `}(d − z) = ${op === "linear" ? "" :
      `${show(slopeAt(learner, step.l, step.n))} · `}(${show(d)} − ${factor(value[neuron.out])}) = ${show(gamma)}`);
  } else {
    const next = net.layers[step.l + 1].map((other) =>
      [grad[other.sum], value[other.weights[step.n + 1]]]);
    lines.push(`Σ γ_next · w = ${sum(next, grad[neuron.out])}`);
    lines.push(`γ = ${slope} Σ γ_next · w = ${show(slopeAt(learner, step.l, step.n))} · ` +
      `${factor(grad[neuron.out])} = ${show(gamma)}`);
  }
  const changes = weights.slice(0, LONGEST).map((_, k) =>
    `Δw${index(k)} = ${show(rate)}·${factor(inputs[k])}·${factor(gamma)} = ${show(rate * inputs[k] * gamma)}`);
  lines.push(`Δw = δ · y_previous · γ: ${changes.join("; ")}`);
  return [`Back: ${name}`, lines];
}
function slopeAt(learner, l, n) {
  const neuron = learner.net.layers[l][n];
  return neuron.sum === neuron.out ? 1 : learner.partials[neuron.out][0];
}
