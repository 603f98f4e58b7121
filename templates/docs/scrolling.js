// What is wider than its place can be scrolled by the keyboard, too.
function letKeysScroll() {
  for (const element of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
    element.toggleAttribute("tabindex", element.scrollWidth > element.clientWidth);
    if (element.hasAttribute("tabindex")) element.tabIndex = 0;
  }
}
addEventListener("load", letKeysScroll);
addEventListener("resize", letKeysScroll);
