// The runbook as a page: Markdown to HTML, with a table of contents and an anchor for each section. No scripts, no external resources.
import { Marked, type Token, type Tokens } from 'marked';

/**
 * Renders Markdown that has a title, an introduction and sections of the second level. The id of a section is its heading in lower case,
 * as in `runbook_url`. Throws if two sections have the same id.
 */
export function runbookPage(markdown: string): string {
  const marked = new Marked({
    renderer: {
      heading({ depth, text, tokens }) {
        const title = this.parser.parseInline(tokens);
        const id = sectionId(text);
        return depth === 2 ? `<h2 id="${id}"><a href="#${id}">${title}</a></h2>\n` : false;
      },
    },
  });
  const tokens = marked.lexer(markdown);
  const sections = tokens.filter(isSection).map(({ text }) => text);
  const ids = sections.map(sectionId);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new Error(`two sections of the runbook have the id ${repeated}`);
  const [title = '', ...introduction] = tokens.slice(0, tokens.findIndex(isSection));
  return page({
    title: marked.parser([title as Token]),
    introduction: marked.parser(introduction),
    contents: sections.map(
      (name) => `<li><a href="#${sectionId(name)}">${marked.parseInline(name) as string}</a></li>`,
    ),
    sections: marked.parser(tokens.slice(tokens.findIndex(isSection))),
  });
}

function isSection(token: Token): token is Tokens.Heading {
  return token.type === 'heading' && (token as Tokens.Heading).depth === 2;
}

/** As GitHub makes it, so that a link to the Markdown works, too. */
function sectionId(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

interface Parts {
  readonly title: string;
  readonly introduction: string;
  readonly contents: readonly string[];
  readonly sections: string;
}

function page({ title, introduction, contents, sections }: Parts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ElectrumX runbook</title>
<style>${STYLE}</style>
</head>
<body>
<header>
${title}</header>
<main>
${introduction}<nav aria-label="Contents">
<ul>
${contents.join('\n')}
</ul>
</nav>
${sections}</main>
</body>
</html>
`;
}

// What is too wide scrolls inside its block: on a phone the page itself never does.
const STYLE = `
:root { --text: #1c2127; --line: #d9dee4; --page: #fff; --card: #f1f4f7; --link: #0b5cad; --here: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e3e7eb; --line: #333b44; --page: #14181c; --card: #232a32; --link: #7db8f5; --here: #4a3d10; }
}
* { box-sizing: border-box; }
body {
  background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif;
  margin: 0 auto; max-width: 52rem; overflow-wrap: anywhere; padding: 1.5rem 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
h2 { border-top: 1px solid var(--line); font-size: 1.15rem; margin: 2rem 0 0.5rem; padding: 1rem 0 0; }
h2 a { color: inherit; text-decoration: none; }
h2:target a { background: var(--here); }
p, ul, ol { margin: 0.6rem 0; }
ul, ol { padding-left: 1.4rem; }
a { color: var(--link); }
code { background: var(--card); border-radius: 0.2rem; font: 0.9em ui-monospace, monospace; padding: 0.1em 0.25em; }
pre { background: var(--card); border-radius: 0.25rem; overflow-x: auto; padding: 0.75rem; }
pre code { overflow-wrap: normal; padding: 0; }
table { border-collapse: collapse; display: block; overflow-wrap: normal; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
nav ul { columns: 17rem; list-style: none; padding: 0; }
nav a { display: inline-block; padding: 0.2rem 0; }
`;
