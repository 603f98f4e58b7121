"use strict";
// Only hides and folds: without it, everything is there to be read.
(() => {
  const form = document.getElementById("filters");
  const panel = form.querySelector("details");
  const fold = document.getElementById("fold");
  const causes = [...document.querySelectorAll(".cause")];
  const operations = [...document.querySelectorAll("#operations option")].map((option) => option.value.toLowerCase());
  const wide = matchMedia("(min-width: 70rem)");

  const words = (cause, name) => cause.dataset[name].split(" ").filter(Boolean);

  const checked = (name) => {
    const boxes = [...form.querySelectorAll(`input[name=${name}]`)];
    return boxes.length ? new Set(boxes.filter((box) => box.checked).map((box) => box.value)) : null;
  };

  const choices = () => {
    const text = (form.elements.operation?.value ?? "").trim().toLowerCase();
    const numbers = operations.flatMap((operation, number) => (operation.includes(text) ? [String(number)] : []));
    const package_ = form.elements.package?.value ?? "";
    return {
      severity: checked("severity"),
      layers: checked("layer"),
      packages: package_ ? new Set([package_]) : null,
      operations: text ? new Set(numbers) : null,
    };
  };

  const apply = () => {
    const chosen = Object.entries(choices());
    const fits = (cause) => chosen.every(([name, set]) => !set || words(cause, name).some((word) => set.has(word)));
    for (const cause of causes) cause.hidden = !fits(cause);
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector(".cause:not([hidden])");
    }
    for (const link of document.querySelectorAll(".decisions a")) {
      link.parentElement.hidden = document.getElementById(link.hash.slice(1)).hidden;
    }
    const visible = causes.filter((cause) => !cause.hidden).length;
    document.getElementById("shown").textContent = `${visible} of ${causes.length} shown`;
    document.getElementById("nothing").hidden = visible > 0 || causes.length === 0;
  };

  const unfolded = () => causes.filter((cause) => cause.open && !cause.hidden);
  const nameFold = () => { fold.textContent = unfolded().length ? "Fold all" : "Unfold all"; };

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.tagName === "DETAILS") target.open = true;
    const group = target.closest("details.group");
    if (group) group.open = true;
    target.scrollIntoView();
  };

  if (!causes.length) return;
  form.hidden = false;
  panel.open = wide.matches;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  fold.addEventListener("click", () => {
    const open = !unfolded().length;
    for (const cause of causes) if (cause.tagName === "DETAILS") cause.open = open;
    nameFold();
  });
  document.addEventListener("toggle", nameFold, true);
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details")) details.open = true;
  });
  nameFold();
  apply();
  reveal();
})();
