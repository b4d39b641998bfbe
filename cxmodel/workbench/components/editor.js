// The text editor of the YAML tab. What is typed goes to Python a moment later, with the text it was made from;
// what comes from Python is shown, unless somebody has typed meanwhile.
const WAIT = 600;  // milliseconds without a keystroke
const LINE = 20;   // pixels, as in editor.css

function build(root) {
  const made = root.querySelector(".editor");
  made.innerHTML = '<div class="sheet"><div class="numbers" aria-hidden="true"></div>' +
    '<textarea aria-label="The scenario as YAML" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"></textarea>' +
    '</div><div class="state" role="status"></div><ol aria-label="Problems"></ol>';
  const at = (name) => made.querySelector(name);
  return {made, area: at("textarea"), numbers: at(".numbers"), list: at("ol"), state: at(".state"),
          seen: null, shown: null, timer: 0, dirty: false, problems: [], drawn: ""};
}

function number(editor) {
  const wrong = new Set(editor.problems.filter((each) => each.severity === "error").map((each) => each.line));
  const count = editor.area.value.split("\n").length;
  const key = count + ":" + [...wrong].join();
  if (key === editor.drawn) return;
  editor.drawn = key;
  editor.numbers.replaceChildren();
  let plain = "";
  for (let line = 1; line <= count; line++) {
    if (wrong.has(line)) {
      editor.numbers.append(plain);
      const mark = document.createElement("b");
      mark.textContent = "▸ " + line;
      editor.numbers.append(mark, "\n");
      plain = "";
    } else plain += line + "\n";
  }
  editor.numbers.append(plain + "\n");
  editor.numbers.scrollTop = editor.area.scrollTop;
}

function lead(editor, problem) {
  const lines = editor.area.value.split("\n");
  const line = Math.min(problem.line, lines.length) - 1;
  let start = 0;
  for (let before = 0; before < line; before++) start += lines[before].length + 1;
  const from = start + Math.min(Math.max(problem.column - 1, 0), lines[line].length);
  const to = Math.min(from + Math.max(problem.width, 1), start + lines[line].length);
  editor.area.focus();
  editor.area.setSelectionRange(from, to);
  editor.area.scrollTop = Math.max(0, (line - 4) * LINE);
  editor.area.scrollLeft = Math.max(0, (from - start - 60) * 8);
  editor.area.scrollIntoView({block: "nearest"});
}

function tell(editor) {
  editor.list.replaceChildren(...editor.problems.map((problem) => {
    const item = document.createElement("li");
    item.className = problem.severity;
    const place = document.createElement(problem.line ? "button" : "strong");
    place.textContent = problem.line ? `line ${problem.line}, column ${problem.column}` : problem.place;
    if (problem.line) {
      place.type = "button";
      place.onclick = () => lead(editor, problem);
    }
    const code = document.createElement("code");
    code.textContent = problem.code;
    const words = ` ${problem.severity} `;
    item.append(place, words, code, `: ${problem.path ? problem.path + ": " : ""}${problem.message}`);
    for (const [name, said] of [["hint", problem.expected], ["note", problem.note]]) {
      if (!said) continue;
      const line = document.createElement("div");
      line.className = "hint";
      line.textContent = `${name}: ${said}`;
      item.append(line);
    }
    return item;
  }));
}

export default function (component) {
  const {parentElement, data, setStateValue} = component;
  const editor = parentElement.cxEditor ??= build(parentElement);
  const send = () => {
    clearTimeout(editor.timer);
    if (!editor.dirty) return;
    editor.dirty = false;
    const text = editor.area.value, seen = editor.seen;
    editor.seen = editor.shown = text;
    setStateValue("typed", {text, seen});
  };
  editor.area.oninput = () => {
    editor.dirty = true;
    editor.state.textContent = "…";
    clearTimeout(editor.timer);
    editor.timer = setTimeout(send, WAIT);
    number(editor);
  };
  editor.area.onblur = send;
  editor.area.onscroll = () => { editor.numbers.scrollTop = editor.area.scrollTop; };
  const before = data.text;
  if (!editor.dirty) {
    if (editor.area.value !== before) {
      const {scrollTop, selectionStart, selectionEnd} = editor.area;
      editor.area.value = before;
      editor.area.setSelectionRange(Math.min(selectionStart, before.length), Math.min(selectionEnd, before.length));
      editor.area.scrollTop = scrollTop;
    }
    editor.seen = editor.shown = before;
    editor.state.textContent = "";
  }
  const dark = getComputedStyle(editor.made).getPropertyValue("--st-base").trim() === "dark" ||
    matchMedia("(prefers-color-scheme: dark)").matches;
  editor.made.classList.toggle("dark", dark);
  editor.problems = data.problems;
  number(editor);
  tell(editor);
  return () => send();
}
