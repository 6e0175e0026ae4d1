"""Every script that the page adds: fixed texts of our own, into which nothing is ever put."""

INTO_VIEW = """<script>
{
  let left = 26;
  const stop = () => { left = 0; };
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    window.addEventListener(kind, stop, {once: true, passive: true});
  }
  const bring = () => {
    if (left-- <= 0) { return; }
    const all = document.querySelectorAll(".cw-question");
    const last = document.querySelector(".st-key-urgent") || all[all.length - 1];
    if (last) { (last.closest("[data-testid=stChatMessage]") || last).scrollIntoView({block: "start"}); }
    setTimeout(bring, 150);
  };
  setTimeout(bring, 50);
}
</script>"""
"""A new reply is read from its beginning, not from its end where Streamlit scrolls to; it gives way to the reader's own
scrolling."""

ONCE = """<script>
if (!window.citewell) {
  window.citewell = true;
  document.addEventListener("toggle", (event) => {
    const mark = event.newState === "open" && event.target.querySelector(".cw-quoted mark");
    if (mark) { mark.scrollIntoView({block: "nearest"}); }
  }, true);
  const put = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      if (!done) { throw new Error("not copied"); }
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-cw-copy]");
    if (!button) { return; }
    const text = document.getElementById(button.dataset.cwCopy);
    const said = button.parentElement.querySelector("[role=status]");
    try {
      await put(text.textContent);
      said.textContent = "Copied";
    } catch {
      text.hidden = false;
      said.textContent = "Select the text to copy it";
    }
    button.focus();
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
}
</script>"""
"""A long passage opens at its quoted words; a copy button puts its text on the clipboard, by the old way where the page
is not served securely, and shows the text where the browser refuses both."""

FIRST_MARK = """<script>
{ const mark = document.querySelector(".cw-article mark");
if (mark) { mark.scrollIntoView({block: "center"}); } }
</script>"""
"""An article opens at its first marked words."""
