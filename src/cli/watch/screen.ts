// The terminal's alternate screen, as full-screen programs such as top use it.
import type { Output } from '../io.ts';

// Wrapping is off, so that no line can push the others down.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR = '\x1b[J';

export interface AlternateScreen {
  enter(): void;
  /** Restores what was on the terminal before `enter`. Does nothing when that has been done. */
  leave(): void;
  /** Replaces what is on the screen; nothing outside `enter` and `leave`. */
  draw(lines: readonly string[]): void;
}

/** The alternate screen of the terminal at `stdout`, not entered yet. */
export function alternateScreen(stdout: Output): AlternateScreen {
  let active = false;
  return {
    enter: () => {
      active = true;
      stdout.write(ENTER);
    },
    leave: () => {
      if (active) stdout.write(LEAVE);
      active = false;
    },
    draw: (lines) => {
      // clear first: after a line of full width the cursor is still on its last character
      if (active) stdout.write(HOME + CLEAR + lines.join('\r\n'));
    },
  };
}
