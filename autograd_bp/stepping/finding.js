// Search by a name, a number or an operation.
const MOST_FOUND = 12;
function matches(text) {
  const wanted = text.trim().toLowerCase().replace(/−/g, "-");
  if (!wanted) return [];
  const plain = (name) => name.toLowerCase().replace(/[₀-₉]/g, (digit) => "₀₁₂₃₄₅₆₇₈₉".indexOf(digit)).replace(/−/g, "-");
  const asked = plain(wanted), exact = [], begins = [], others = [];
  for (let i = 0; i < NODES.length && exact.length < MOST_FOUND; i++) {
    const node = NODES[i], name = plain(node.name);
    if (node.kind === "constant") continue;
    if (name === asked) exact.push(i);
    else if (begins.length < MOST_FOUND && name.startsWith(asked)) begins.push(i);
    else if (others.length < MOST_FOUND && (name.includes(asked) || node.op === asked ||
      plain(short(state.value[i])).startsWith(asked))) others.push(i);
  }
  return [...exact, ...begins, ...others].slice(0, MOST_FOUND);
}
function listFound() {
  const found = matches($("find").value);
  $("found").hidden = !$("find").value.trim();
  $("found").replaceChildren(...found.map((i) => {
    const button = document.createElement("button"), what = NODES[i].op || "given";
    button.type = "button";
    button.textContent = `${NODES[i].name} = ${short(state.value[i])}`;
    button.append(Object.assign(document.createElement("small"), { textContent: what }));
    button.addEventListener("click", () => goToNode(i));
    return button;
  }));
  if (!found.length) $("found").textContent = "Nothing has this name, number or operation.";
}
function goToNode(i) {
  $("found").hidden = true;
  $("find").value = "";
  jump(() => stepOf(i));
  if (NODES[i].kind === "leaf") showFields(i);
  if (card(i)) reveal(card(i));
}
$("find").addEventListener("input", listFound);
$("find").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { $("find").value = ""; listFound(); }
  const [first] = matches($("find").value);
  if (event.key === "Enter" && first !== undefined) { event.preventDefault(); goToNode(first); }
});
document.addEventListener("click", (event) => { if (!event.target.closest("#search")) $("found").hidden = true; });
