// The last script: it uses all others.
function start() {
  compute();
  showFields();
  $("reset").addEventListener("click", () => {
    changed.clear();
    $("moved").hidden = true;
    fields.forEach(({ set }, i) => set(Number(NODES[i].value)));
    lastStage();
    go(at);
  });
  if (!isComputable(NODES)) {
    const unknown = NODES.filter((node) => node.kind === "operation" && !PRIMITIVES.has(node.op));
    $("unable").hidden = false;
    $("unable").textContent = `The page cannot compute ${unknown[0].op}, a function of your own ` +
      "that it cannot read: it shows the numbers that were recorded, and they cannot be changed.";
    document.querySelectorAll("#fields input, #reset").forEach((box) => { box.disabled = true; });
  }
  const canLearn = DATA.parameters.length > 0 && isComputable(NODES);
  $("ascend").hidden = !canLearn;
  $("ascend").title = `Every weight w becomes w + δ ∂${OUTPUT}/∂w`;
  $("ratebox").hidden = DATA.gammas.length === 0 && !canLearn;
  $("rate").value = rate;
  $("rate").addEventListener("input", () => {
    if (Number.isFinite(Number($("rate").value))) rate = Number($("rate").value);
    go(at);
  });
  $("scrub").max = steps.length - 1;
  const split = steps.findIndex((step) => step.kind === "seed");
  const [before, after] = $("halves").children;
  before.style.flexGrow = split;
  after.style.flexGrow = steps.length - split;
  startTraining();
  if (!FOLDING) fit();
  const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("step"));
  go(wanted >= 1 ? Math.floor(wanted) - 1 : 0);
}
start();
