// Adds up the shown cells of a published table in the reader's own browser. data-sums says which lines are sums: in "rows" the
// last cell, in "columns" the last row. The sentence of the server stands beside it; this adds whether it comes to the same.

const whole = (cell) => {
  const text = cell.textContent.replace(/[,\s]/g, "");
  return /^\d+$/.test(text) ? Number(text) : null;
};

function judge(lines) {
  const found = { agree: 0, open: 0, wrong: 0 };
  for (const line of lines) {
    const total = line.at(-1);
    const parts = line.slice(0, -1);
    if ([...parts, total].includes(null)) found.open += 1;
    else if (parts.reduce((sum, part) => sum + part, 0) === total) found.agree += 1;
    else found.wrong += 1;
  }
  return `${found.agree}/${found.open}/${found.wrong}`;
}

for (const said of document.querySelectorAll("[data-sum-check]")) {
  const table = said.closest("section").querySelector("table[data-sums]");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")].map(whole));
  const lines = [];
  if (table.dataset.sums.includes("rows")) lines.push(...rows);
  if (table.dataset.sums.includes("columns") && rows.length > 1) lines.push(...rows[0].map((_, at) => rows.map((row) => row[at])));
  const found = judge(lines);
  said.append(" ", found === said.dataset.sumCheck ? said.dataset.same : `${said.dataset.other} ${found}`);
}
