// A table that is entered cell by cell. What is done is sent to Python, numbered, until Python says that it has taken it;
// what comes from Python is shown, except in the cell that somebody is writing in.
const TOOLS = {insert: ["+", "Insert below"], duplicate: ["", "Duplicate"], up: ["↑", "Move up"], down: ["↓", "Move down"], remove: ["✕", "Remove"]};

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function build(root) {
  const made = root.querySelector(".grid");
  return {made, send: () => {}, last: 0, pending: [], shape: "", inputs: new Map()};
}

function touch(grid, verb, row = "", column = "", value = "") {
  grid.last += 1;
  grid.pending.push({number: grid.last, verb, row, column, value});
  clearTimeout(grid.timer);
  grid.timer = setTimeout(() => grid.send([...grid.pending]), 20);
}

// An input that sends what was entered when it is left, or on Enter.
function input(grid, key, value, label, type, act) {
  const field = element("input", {type: "text", value, ariaLabel: label, autocomplete: "off", spellcheck: false});
  if (type === "number") field.inputMode = "decimal";
  field.dataset.key = key;
  let seen = value;
  field.oninput = () => { field.dataset.dirty = "1"; };
  const take = () => {
    delete field.dataset.dirty;
    if (field.value.trim() === seen.trim()) return;
    seen = field.value;
    act(field.value);
  };
  field.onblur = take;
  field.onkeydown = (event) => {
    if (event.key === "Enter") { take(); below(grid, field, event.shiftKey ? -1 : 1); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      below(grid, field, event.key === "ArrowUp" ? -1 : 1);
    }
    if (event.key === "Escape") field.reset();
  };
  field.reset = () => { field.value = seen; delete field.dataset.dirty; };
  field.show = (now) => { if (!field.dataset.dirty && seen !== now) { seen = now; field.value = now; } };
  grid.inputs.set(key, field);
  return field;
}

// The field above or below in the same column.
function below(grid, field, way) {
  const column = field.dataset.column;
  if (!column) return;
  const all = [...grid.made.querySelectorAll(`[data-column="${CSS.escape(column)}"]`)];
  all[all.indexOf(field) + way]?.focus();
}

function choice(grid, key, value, options, label, act) {
  const field = element("select", {ariaLabel: label},
    ...options.map((option) => element("option", {value: option, textContent: option, selected: option === value})));
  field.dataset.key = key;
  field.onchange = () => act(field.value);
  field.show = (now) => { if (field.value !== now) field.value = now; };
  grid.inputs.set(key, field);
  return field;
}

// A block of cells pasted into a field goes to Python whole; a word or a number is pasted as usual.
function pasting(grid, field, row, column) {
  field.onpaste = (event) => {
    const text = event.clipboardData.getData("text");
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    field.reset?.();
    touch(grid, "paste", row, column, text);
  };
  return field;
}

// A handle by which a row is dragged before or after another one of its kind, by mouse, pen or finger.
function handle(grid, made, row) {
  const grip = element("span", {className: "grip", title: "Drag to another place", ariaHidden: "true"});
  const kind = row.id.split(".")[0];
  let target = null;
  const unmark = () => grid.made.querySelectorAll("tr[data-drop]").forEach((each) => delete each.dataset.drop);
  const leave = () => { target = null; unmark(); delete made.dataset.dragged; document.removeEventListener("keydown", escape); };
  const escape = (event) => { if (event.key === "Escape") leave(); };
  grip.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    made.dataset.dragged = "1";
    document.addEventListener("keydown", escape);
  };
  grip.onpointermove = (event) => {
    if (!made.dataset.dragged) return;
    unmark();
    target = null;
    for (const other of grid.made.querySelectorAll("tr[data-row]")) {
      const {top, bottom, height} = other.getBoundingClientRect();
      if (event.clientY < top || event.clientY >= bottom || other.dataset.row.split(".")[0] !== kind) continue;
      if (other === made) return;
      target = [event.clientY < top + height / 2 ? "before" : "after", other.dataset.row];
      other.dataset.drop = target[0];
      other.scrollIntoView({block: "nearest"});
      return;
    }
  };
  grip.onpointerup = () => {
    const to = target;
    leave();
    if (to) touch(grid, "move", row.id, to[0], to[1]);
  };
  grip.onpointercancel = leave;
  return grip;
}

function tool(words, label, act, className = "") {
  const made = element("button", {type: "button", ariaLabel: label, title: label, textContent: words, className});
  made.onclick = act;
  return made;
}

function head(grid, column) {
  const cell = element("th", {scope: "col", className: column.kind === "level" ? "level" : ""});
  if (column.width) cell.style.minWidth = column.width;
  if (column.help) cell.title = column.help;
  if (!column.named) {
    cell.append(column.head || "\u00a0");
    if (column.under) cell.append(element("small", {textContent: column.under}));
    return cell;
  }
  const name = input(grid, `head ${column.key}`, column.head, `Name of attribute ${column.head}`, "text",
    (value) => touch(grid, "rename_column", "", column.key, value));
  const kind = choice(grid, `under ${column.key}`, column.under, column.unders, `Kind of ${column.head}`,
    (value) => touch(grid, "under", "", column.key, value));
  const gone = tool("✕", `Remove ${column.head}`, () => touch(grid, "remove_column", "", column.key));
  name.style.minWidth = `${Math.max(6, column.head.length + 2)}ch`;
  cell.append(name, element("div", {className: "name"}, kind, gone));
  return cell;
}

function body(grid, row, column, cell, first) {
  const kind = cell.kind ?? column.kind;
  const key = `${row.id} ${column.key}`;
  const made = element(first ? "th" : "td", {className: [kind, cell.low ? "low" : ""].join(" ")});
  if (first) made.scope = "row";
  if (cell.span > 1) made.colSpan = cell.span;
  const label = `${row.called}: ${column.head}`;
  if (kind === "none") return made;
  if (kind === "static") {
    const words = element("span", {textContent: cell.value || "–", title: cell.hint});
    words.show = (now) => { words.textContent = now || "–"; };
    grid.inputs.set(key, words);
    made.append(words);
    return made;
  }
  if (first && row.lead) made.append(element("small", {className: "lead", textContent: row.lead}));
  if (kind === "select") {
    const options = cell.options.length ? cell.options : column.options;
    const field = choice(grid, key, cell.value, options, label, (value) => touch(grid, "set", row.id, column.key, value));
    made.append(pasting(grid, field, row.id, column.key));
    if (cell.hint) made.append(element("small", {textContent: cell.hint}));
    return made;
  }
  const type = kind === "text" ? "text" : "number";
  const field = input(grid, key, cell.value, label, type, (value) => touch(grid, "set", row.id, column.key, value));
  field.dataset.column = column.key;
  pasting(grid, field, row.id, column.key);
  if (type === "number" && cell.span === 1) field.placeholder = cell.hint || "–";
  if (column.key === "owner") field.placeholder = "add owner";
  made.append(field);
  if (cell.weight !== null) {
    const weight = input(grid, `${key} weight`, cell.weight, `${row.called}: weight of ${column.head}`, "number",
      (value) => touch(grid, "weigh", row.id, column.key, value));
    weight.className = "weight";
    weight.placeholder = "1";
    made.append(element("span", {textContent: "×", ariaHidden: "true"}), weight);
  }
  if (cell.span > 1 && cell.hint) made.append(element("small", {textContent: cell.hint}));
  return made;
}

function line(grid, data, row) {
  const made = element("tr", {className: row.tone});
  made.dataset.row = row.id;
  let spanned = 0, first = true;
  for (const column of data.columns) {
    if (spanned > 0) { spanned -= 1; continue; }
    const cell = {value: "", kind: null, options: [], weight: null, low: false, hint: "", span: 1, ...row.cells[column.key]};
    made.append(body(grid, row, column, cell, first));
    if (first && row.drag) made.firstChild.prepend(handle(grid, made, row));
    spanned = cell.span - 1;
    first = false;
  }
  if (data.tools) {
    made.append(element("td", {className: "tools"}, ...row.tools.map((verb) =>
      tool(TOOLS[verb][0], `${TOOLS[verb][1]}: ${row.called}`, () => touch(grid, verb, row.id), verb))));
  }
  return made;
}

function adding(grid, data, one) {
  const width = data.columns.length + (data.tools ? 1 : 0);
  const field = input(grid, `add ${one.section}`, "", one.words, "text", (value) => {
    if (value.trim()) touch(grid, "add", `${one.section}.`, "", value);
  });
  field.placeholder = one.words;
  field.className = "add";
  pasting(grid, field, `${one.section}.`, data.columns[0].key);
  return element("tr", {className: "adding"}, element("td", {colSpan: width}, field));
}

function draw(grid, data) {
  const focus = grid.made.getRootNode().activeElement ?? document.activeElement;
  const was = focus?.dataset?.key, dirty = focus?.dataset?.dirty ? focus.value : null;
  const place = [...grid.inputs.keys()].indexOf(was);
  const before = grid.inputs.size;
  grid.inputs = new Map();
  const heads = element("tr", {}, ...data.columns.map((column) => head(grid, column)));
  const corner = element("td", {className: "tools"});  // in sight however wide the table is
  if (data.add_column) {
    const field = input(grid, "add column", "", data.add_column, "text",
      (value) => { if (value.trim()) touch(grid, "column", "", "", value); });
    field.placeholder = data.add_column;
    field.className = "add";
    corner.append(field);
  }
  if (data.tools) heads.append(corner);
  const rows = element("tbody");
  data.rows.forEach((row, at) => {
    data.adding.filter((one) => one.after === at).forEach((one) => rows.append(adding(grid, data, one)));
    rows.append(line(grid, data, row));
  });
  data.adding.filter((one) => one.after < 0 || one.after >= data.rows.length)
    .forEach((one) => rows.append(adding(grid, data, one)));
  const table = element("table", {ariaLabel: data.label}, element("thead", {}, heads), rows);
  grid.made.replaceChildren(table);
  if (was === undefined || place < 0) return;
  const again = grid.inputs.get(was) ?? (before === grid.inputs.size ? [...grid.inputs.values()][place] : null);
  if (again?.focus) {
    again.focus({preventScroll: true});
    if (dirty !== null && "value" in again) { again.value = dirty; again.dataset.dirty = "1"; }
    else again.select?.();
  }
}

function show(grid, data) {
  for (const row of data.rows) {
    for (const [key, cell] of Object.entries(row.cells)) {
      grid.inputs.get(`${row.id} ${key}`)?.show(cell.value);
      if (cell.weight !== null) grid.inputs.get(`${row.id} ${key} weight`)?.show(cell.weight);
      grid.inputs.get(`${row.id} ${key}`)?.closest("td, th")?.classList.toggle("low", cell.low);
    }
  }
}

// What has to be drawn anew when it is another: everything but the values.
function shape(data) {
  return JSON.stringify([data.label, data.add_column, data.adding, data.columns, data.rows.map((row) => [row.id,
    row.called, row.tools, row.lead, row.tone, Object.entries(row.cells).map(([key, cell]) => [key, cell.kind,
      cell.options, cell.hint, cell.span, cell.weight === null])])]);
}

export default function (component) {
  const {parentElement, data, setStateValue} = component;
  const grid = parentElement.cxGrid ??= build(parentElement);
  grid.last = Math.max(grid.last, data.seen);
  grid.pending = grid.pending.filter((each) => each.number > data.seen);
  grid.send = (touches) => setStateValue("touches", touches);
  if (grid.pending.length) return;  // what is on its way is not yet in what came
  const now = shape(data.table) + data.turn;
  if (now !== grid.shape) {
    grid.shape = now;
    draw(grid, data.table);
  }
  show(grid, data.table);
}
