// Finds texts that do not fit: cut off by their own box, or by the panel that they are in.
import type { Finding } from '../input.ts';

/** Text may stick out by this many pixels: descenders and rounding. */
const TOLERANCE = 2;

/** The texts of all panels that are cut off. */
export function overflows(): Finding[] {
  return [...document.querySelectorAll<HTMLElement>('[data-panel]')].flatMap((panel) => {
    const title = panel.dataset['panel'] ?? '';
    const bounds = panel.getBoundingClientRect();
    return textNodes(panel)
      .filter((text) => isCut(text, bounds))
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

function isCut(text: Text, panel: DOMRect): boolean {
  const range = document.createRange();
  range.selectNodeContents(text);
  const box = range.getBoundingClientRect();
  if (box.width === 0) return false;
  if (sticksOut(box, panel)) return true;
  for (let element = text.parentElement; element && !element.dataset['panel']; element = element.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const clip = element.getBoundingClientRect();
    const wide = box.right > clip.right + TOLERANCE || box.left < clip.left - TOLERANCE;
    const high = box.bottom > clip.bottom + TOLERANCE || box.top < clip.top - TOLERANCE;
    if ((overflowX === 'hidden' && wide) || (overflowY === 'hidden' && high)) return true;
    // What can be scrolled to is not cut off; its own box is judged in its place.
    if (overflowX === 'auto' || overflowY === 'auto' || overflowY === 'scroll') return false;
  }
  return false;
}

function sticksOut(box: DOMRect, panel: DOMRect): boolean {
  return box.right > panel.right + TOLERANCE || box.left < panel.left - TOLERANCE || box.bottom > panel.bottom + TOLERANCE;
}
