
"use strict";
// Every word typed must stand in a column's row or in its table's name and description.
(function () {
  const field = document.getElementById("search");
  const said = document.getElementById("found");
  const tables = Array.from(document.querySelectorAll("section.table"), function (section) {
    const rows = Array.from(section.querySelectorAll("tbody tr"), function (row) {
      return { row: row, text: row.textContent.toLowerCase() };
    });
    const head = section.querySelector("header").textContent.toLowerCase();
    return { section: section, head: head, rows: rows, link: document.querySelector('nav a[href="#' + section.id + '"]') };
  });
  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let columns = 0;
    let shown = 0;
    tables.forEach(function (table) {
      let here = 0;
      table.rows.forEach(function (entry) {
        const fits = words.every(function (word) {
          return entry.text.includes(word) || table.head.includes(word);
        });
        entry.row.hidden = !fits;
        here += fits ? 1 : 0;
      });
      const isShown = here > 0 || words.every(function (word) { return table.head.includes(word); });
      table.section.hidden = !isShown;
      table.link.parentNode.hidden = !isShown;
      columns += here;
      shown += isShown ? 1 : 0;
    });
    said.textContent = columns + " columns in " + shown + " tables and views";
  }
  field.value = new URLSearchParams(window.location.search).get("q") || "";
  field.addEventListener("input", search);
  search();
})();
