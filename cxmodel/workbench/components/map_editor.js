// The journey map, edited where it stands. What is done is sent to Python, numbered, until Python says that it has taken
// it; what comes from Python is shown, except in the cell that somebody is writing in.
function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function build(root) {
  return {root: root.querySelector(".cx-mapeditor"), send: () => {}, last: 0, pending: [], shown: "", open: null};
}

function touch(map, verb, at, words = "") {
  map.last += 1;
  map.pending.push({number: map.last, verb, at, words});
  map.send([...map.pending]);
}

const at = (map, path) => map.root.querySelector(`[data-path="${CSS.escape(path)}"]`);
const focus = (map, key) => map.root.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus({preventScroll: true});

// Open a field in a cell: Enter, or going elsewhere, takes what is in it, Escape leaves it as it was.
function open(map, path, written) {
  if (map.open?.path === path) return;
  close(map, true);
  const cell = at(map, path), known = map.fields[path];
  if (!cell || !known) return;
  const field = element("textarea", {className: "cx-field", rows: 1, value: written ?? known.entered ?? known.words,
    ariaLabel: known.called, spellcheck: true});
  const content = [...cell.childNodes], shown = [field];
  if (known.wrong) {
    const words = known.wrong.split("`").map((each, place) => (place % 2 ? element("code", {textContent: each}) : each));
    const why = element("span", {className: "cx-wrongly", role: "alert"}, ...words);
    why.style[cell.getBoundingClientRect().left > innerWidth / 2 ? "right" : "left"] = "0";
    field.setAttribute("aria-invalid", "true");
    shown.push(why);
  }
  cell.classList.add("cx-open");
  cell.replaceChildren(...shown);
  map.open = {path, cell, field, content};
  const fit = () => { field.style.height = "0"; field.style.height = `${field.scrollHeight + 2}px`; };
  field.oninput = fit;
  field.onclick = (event) => event.stopPropagation();
  field.onkeydown = (event) => {
    event.stopPropagation();
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    close(map, event.key === "Enter");
    focus(map, path);
  };
  field.onblur = () => { if (map.open?.field === field) close(map, true); };
  fit();
  field.focus({preventScroll: true});
}

function close(map, take) {
  if (!map.open) return;
  const {path, cell, field, content} = map.open, known = map.fields[path];
  map.open = null;
  cell.classList.remove("cx-open");
  cell.replaceChildren(...content);
  if (take && field.value.trim() !== (known.entered ?? known.words).trim()) {
    const edit = cell.querySelector(".cx-edit");
    if (edit) edit.textContent = "";
    cell.replaceChildren(element("span", {textContent: field.value.trim()}), edit ?? "");
    touch(map, "write", path, field.value);
  } else if (known.wrong) {
    touch(map, "leave", path);
  }
}

// A button over the words of a cell, that Enter, a click or a tap opens; arrows go from cell to cell.
function editable(map, cell, path, known) {
  cell.classList.add("cx-editable");
  const edit = element("button", {type: "button", className: known.words ? "cx-edit" : "cx-edit cx-none",
    ariaLabel: `${known.words ? "Edit" : "Add"} ${known.called}`, textContent: known.words ? "" : "+ add"});
  edit.dataset.focus = path;
  edit.onclick = () => open(map, path);
  edit.onkeydown = (event) => {
    const [across, down] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key] ?? [0, 0];
    if (!across && !down) return;
    const rows = [...map.root.querySelectorAll("tr")].map((row) => [...row.querySelectorAll(".cx-edit")]).filter((row) => row.length);
    const row = rows.findIndex((each) => each.includes(edit));
    const next = rows[row + down]?.[rows[row].indexOf(edit) + across];
    if (row < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
  cell.append(edit);
}

function menu(map, head, id, column) {
  head.ariaLabel = [...head.childNodes].map((each) => each.textContent).join(", ");
  const list = element("div", {className: "cx-columnmenu", popover: "auto"});
  const button = element("button", {type: "button", className: "cx-more", textContent: "⋮", title: "Move, copy, remove",
    ariaLabel: `Move, copy or remove ${column.name}`, popoverTargetElement: list});
  button.dataset.focus = `menu ${id}`;
  for (const {verb, words, idle} of column.items) {
    const item = element("button", {type: "button", textContent: words, disabled: idle, ariaLabel: `${words.replace(" …", "")}: ${column.name}`});
    item.onclick = () => { list.hidePopover(); button.focus({preventScroll: true}); touch(map, verb, id); };
    list.append(item);
  }
  list.ontoggle = (event) => {
    if (event.newState !== "open") return;
    const place = button.getBoundingClientRect();
    list.style.top = `${Math.min(place.bottom + 2, innerHeight - list.offsetHeight - 4)}px`;
    list.style.left = `${Math.max(4, Math.min(place.left, innerWidth - list.offsetWidth - 4))}px`;
    list.querySelector("button:not(:disabled)")?.focus();
  };
  head.append(button, list);
}

function draw(map, data) {
  const was = map.open, focused = document.activeElement?.dataset?.focus, had = map.root.contains(document.activeElement);
  const scrolled = map.root.querySelector(".cx-scroll")?.scrollLeft ?? 0;
  map.open = null;
  map.fields = data.fields;
  map.root.innerHTML = data.html;
  for (const head of map.root.querySelectorAll("th[data-stop]")) {
    const column = data.columns[head.dataset.stop];
    if (column) menu(map, head, head.dataset.stop, column);
  }
  for (const cell of map.root.querySelectorAll("[data-path]")) {
    const known = data.fields[cell.dataset.path];
    if (known) editable(map, cell, cell.dataset.path, known);
  }
  const scroll = map.root.querySelector(".cx-scroll");
  if (scroll) scroll.scrollLeft = scrolled;
  if (was) {
    open(map, was.path, was.field.value);
    map.open?.field.setSelectionRange(was.field.selectionStart, was.field.selectionEnd);
    return;
  }
  if (had && focused) focus(map, focused);
  const wrong = Object.keys(data.fields).find((path) => data.fields[path].wrong);
  if (wrong) open(map, wrong);
}

export default function (component) {
  const {parentElement, data, setStateValue} = component;
  const map = parentElement.cxMap ??= build(parentElement);
  map.last = Math.max(map.last, data.seen);
  map.pending = map.pending.filter((each) => each.number > data.seen);
  map.send = (touches) => setStateValue("touches", touches);
  if (map.pending.length) return;  // what is on its way is not yet in what came
  const now = JSON.stringify(data);
  if (now === map.shown) return;
  map.shown = now;
  draw(map, data);
}
