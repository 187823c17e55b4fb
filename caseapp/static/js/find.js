// Search as you type: a form with data-find posts itself (header X-Fragment: 1) and shows the returned list of links
// under the field. And the duplicate warning: a form with data-dup-url posts its fields and shows the returned html in
// [data-dup]. Both endpoints answer plain html fragments; without script the form is sent the usual way.

const WAIT = 300;
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

async function fragment(url, data, signal) {
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(data),
    headers: { "X-CSRFToken": token, "X-Fragment": "1", Accept: "text/html" },
    credentials: "same-origin",
    signal,
  });
  return answer.ok && !answer.redirected ? answer.text() : "";
}

// Ask after a pause; a newer question cancels the older one.
function asker(url, show) {
  let timer = 0;
  let control = null;
  const stop = () => {
    clearTimeout(timer);
    if (control) control.abort();
  };
  const ask = (read) => {
    stop();
    timer = setTimeout(async () => {
      control = new AbortController();
      try {
        show(await fragment(url, read(), control.signal));
      } catch (error) {
        if (error.name !== "AbortError") show("");
      }
    }, WAIT);
  };
  return { ask, stop };
}

function find(form) {
  const field = form.querySelector('input[name="q"]');
  const box = document.createElement("div");
  box.className = "found";
  box.setAttribute("role", "region");
  box.setAttribute("aria-live", "polite");
  box.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  field.after(box);
  const show = (html) => {
    box.innerHTML = html;
  };
  const { ask, stop } = asker(form.action, show);
  const close = () => {
    stop();
    show("");
  };
  let composing = false;
  field.addEventListener("compositionstart", () => {
    composing = true;
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  function typed() {
    if (composing) return;
    if (field.value.trim().length < (/[^\x00-\x7f]/.test(field.value) ? 1 : 2)) close();
    else ask(() => new FormData(form));
  }
  field.addEventListener("input", typed);
  form.addEventListener("keydown", (event) => {
    const links = [...box.querySelectorAll("a")];
    if (event.key === "Escape") {
      close();
      field.focus();
    }
    if (!links.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (at < 0) field.focus();
    else links[Math.min(at, links.length - 1)].focus();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
}

function duplicates(form) {
  const place = form.querySelector("[data-dup]");
  if (!place) return;
  const watched = (place.dataset.dup || "name,birth_date,id_number").split(",");
  const { ask } = asker(form.dataset.dupUrl, (html) => {
    place.innerHTML = html;
  });
  form.addEventListener("input", (event) => {
    if (watched.includes(event.target.name)) ask(() => new FormData(form));
  });
}

for (const form of document.querySelectorAll("form[data-find]")) find(form);
for (const form of document.querySelectorAll("form[data-dup-url]")) duplicates(form);
