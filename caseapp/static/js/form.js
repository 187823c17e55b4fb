// What a form gains with script: focus on the error summary, one sending only, a warning before unsaved text is left,
// and blocks shown only for some answers (data-shows-when="field=a,b"). Every form works without it.

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

const answers = (form, name) =>
  new FormData(form).getAll(name).map(String);

function follow(form) {
  const blocks = [...form.querySelectorAll("[data-shows-when]")];
  if (!blocks.length) return;
  const refresh = () => {
    for (const block of blocks) {
      const [name, wanted] = block.dataset.showsWhen.split("=");
      const allowed = wanted.split(",");
      // The deciding control may sit in a block that is itself hidden and switched off: then nothing is chosen.
      const shown = answers(form, name).some((value) => allowed.includes(value));
      block.hidden = !shown;
      for (const control of block.querySelectorAll("input, select, textarea, button")) {
        if (!shown && !control.disabled) {
          control.disabled = true;
          control.dataset.switchedOff = "";
        } else if (shown && "switchedOff" in control.dataset && !control.closest("[data-shows-when][hidden]")) {
          control.disabled = false;
          delete control.dataset.switchedOff;
        }
      }
    }
  };
  form.addEventListener("change", refresh);
  refresh();
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
  });
}

const written = new Set();
function guard(form) {
  form.addEventListener("input", () => written.add(form));
  form.addEventListener("submit", () => written.delete(form));
  form.addEventListener("draft:saved", () => written.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (written.size) event.preventDefault();
});
// Coming back with the browser's back button shows the page as it was left: let it be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.removeAttribute("aria-busy");
});

for (const form of document.forms) {
  follow(form);
  if ("once" in form.dataset) once(form);
  if ("guard" in form.dataset) guard(form);
}

// An open menu closes with Escape or a press elsewhere.
const menus = ".switcher > details[open], details.drop[open]";
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(menus)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) if (!menu.contains(event.target)) menu.open = false;
});
