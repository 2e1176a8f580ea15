// Finds texts that do not fit: cut off by an element around them, or by the panel.
import type { Finding } from '../input.ts';

/** Text may stick out by this many pixels at a side: rounding. */
const TOLERANCE = 2;
/** And by this share of its line at the top or bottom, where letters have no ink. */
const INKLESS = 0.3;

/** The texts of all panels that are cut off. */
export function overflows(): Finding[] {
  return [...document.querySelectorAll<HTMLElement>('[data-panel]')].flatMap((panel) => {
    const title = panel.dataset['panel'] ?? '';
    return textNodes(panel)
      .filter((text) => isCut(text, panel))
      .map((text) => ({ panel: title, kind: 'overflow', text: text.textContent?.trim() ?? '' }) as const);
  });
}

function textNodes(panel: HTMLElement): Text[] {
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (text.textContent?.trim() && text.parentElement?.checkVisibility()) found.push(text);
  }
  return found;
}

/** Whether the text is cut off. Panels are not scrolled sideways, so what is there counts as cut; tables are scrolled down. */
function isCut(text: Text, panel: HTMLElement): boolean {
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = range.getBoundingClientRect();
  if (box.width === 0) return false;
  let scrolls = false;
  for (let element = text.parentElement; element; element = element.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const clip = element.getBoundingClientRect();
    const ends = element === panel;
    if ((ends || overflowX !== 'visible') && isWider(box, clip)) return true;
    scrolls ||= overflowY === 'auto' || overflowY === 'scroll';
    if ((ends || overflowY !== 'visible') && !scrolls && isHigher(box, clip)) return true;
    if (ends) return false;
  }
  return false;
}

function isWider(box: DOMRect, clip: DOMRect): boolean {
  return box.right > clip.right + TOLERANCE || box.left < clip.left - TOLERANCE;
}

function isHigher(box: DOMRect, clip: DOMRect): boolean {
  const spare = box.height * INKLESS;
  return box.bottom > clip.bottom + spare || box.top < clip.top - spare;
}
