// The board: filters that swap the table, and the drawer beside it. Without a script the same addresses give whole pages.
"use strict";
{
  const form = document.getElementById("filters");
  const drawer = document.getElementById("drawer");
  const phone = matchMedia("(max-width: 719px)");
  let opener = "";

  // A choice that names a page goes there at once; its button is for those without a script.
  for (const select of document.querySelectorAll("select[data-goes]")) {
    select.form.querySelector("button").hidden = true;
    select.addEventListener("change", () => select.form.submit());
  }
  if (form) form.querySelector("button.btn").hidden = true;

  // What asks for nothing stays out of the address.
  addEventListener("htmx:configRequest", (event) => {
    if (event.target !== form) return;
    const asked = event.detail.parameters;
    for (const name of Object.keys(asked)) if (asked[name] === "") delete asked[name];
  });

  // A link that narrows the table sets the form, so that both always say the same.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sets]");
    if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const asked = new URL(link.href).searchParams;
    for (const field of form.elements)
      if (field.name && !["month", "person"].includes(field.name)) field.value = asked.get(field.name) ?? "";
    form.requestSubmit();
    document.getElementById("results").scrollIntoView({ block: "nearest" });
  });

  // The file holds what the table shows; the row of the open drawer keeps its mark.
  const follow = () => {
    const asked = new URLSearchParams(location.search);
    asked.delete("page");
    asked.delete("person");
    const file = document.getElementById("export");
    if (file) file.href = `${file.dataset.address}?${asked}`;
    for (const row of document.querySelectorAll("[data-row]")) row.classList.toggle("on", row.dataset.row === opener);
  };

  const remember = (number) => {
    opener = number;
    if (form) form.elements.person.value = number;
    const address = new URL(location.href);
    if (number) address.searchParams.set("person", number);
    else address.searchParams.delete("person");
    history.replaceState(history.state, "", address);
    follow();
  };

  addEventListener("htmx:afterSwap", (event) => {
    if (event.target === drawer) {
      drawer.close();
      if (phone.matches) drawer.showModal();
      else drawer.show();
      remember(new URL(event.detail.pathInfo.requestPath, location.href).searchParams.get("person"));
      drawer.scrollTop = 0;
      document.getElementById("drawer-name").focus({ preventScroll: !phone.matches });
    } else follow();
  });
  addEventListener("htmx:pushedIntoHistory", follow);

  // Esc closes a sheet over the page by itself; the drawer beside the table closes here.
  drawer.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.open) drawer.close();
  });
  drawer.addEventListener("close", () => {
    if (drawer.open || !opener) return;
    const from = document.querySelector(`[data-row] [data-person="${CSS.escape(opener)}"], [data-person="${CSS.escape(opener)}"]`);
    remember("");
    drawer.replaceChildren();
    from?.focus();
  });
}
