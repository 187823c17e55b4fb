// How far long work is: [data-progress] names the page that answers with a piece of itself (X-Fragment: 1), asked quietly while
// the piece says that the work goes on; at its end the page is drawn anew. Without script the page has a link to look again.

const PAUSE = 3000;

async function follow(box) {
  while (box.querySelector("[data-going]")) {
    await new Promise((done) => setTimeout(done, PAUSE));
    if (document.hidden) continue;
    let answer = null;
    try {
      answer = await fetch(box.dataset.progress, { headers: { "X-Fragment": "1", Accept: "text/html" }, credentials: "same-origin" });
    } catch {
      continue;
    }
    if (!answer.ok || answer.redirected) return;
    box.innerHTML = await answer.text();
    if (!box.querySelector("[data-going]")) location.reload();
  }
}

for (const box of document.querySelectorAll("[data-progress]")) follow(box);
