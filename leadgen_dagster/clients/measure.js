// What a phone's screen shows of this page. Evaluated in a world of its own: the page's scripts cannot see or change it.
(() => {
  const MOST_TEXTS = 20000;
  const root = document.documentElement;
  const layoutWidth = root.clientWidth || window.innerWidth;
  const scrolled = document.scrollingElement || root;
  const styles = [root, document.body].filter(Boolean).map((element) => getComputedStyle(element).overflowX);
  const isHeld = styles.some((overflow) => overflow === "hidden" || overflow === "clip"); // no finger moves it
  const shrink = Math.min(1, screen.width / layoutWidth); // a page laid out for a desktop is shown smaller
  const characters = new Map(); // font size as shown -> characters set in it
  const texts = document.createTreeWalker(document.body || root, NodeFilter.SHOW_TEXT);
  for (let seen = 0; seen < MOST_TEXTS && texts.nextNode(); seen++) {
    const length = texts.currentNode.data.trim().length;
    const element = texts.currentNode.parentElement;
    if (!length || !element || !element.checkVisibility({ visibilityProperty: true })) continue;
    const size = Math.round(parseFloat(getComputedStyle(element).fontSize) * shrink * 10) / 10;
    if (size > 0) characters.set(size, (characters.get(size) || 0) + length);
  }
  const sizes = [...characters.keys()];
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  return {
    layoutWidth,
    contentWidth: isHeld ? layoutWidth : scrolled.scrollWidth,
    smallestFont: sizes.length ? Math.min(...sizes) : null,
    usualFont: sizes.length ? sizes.reduce((a, b) => (characters.get(b) > characters.get(a) ? b : a)) : null,
    html: doctype + root.outerHTML,
  };
})()
