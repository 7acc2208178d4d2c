/** The playground's page: a bar to sign in, the saved operations, and room for GraphiQL. */
import { PRINCIPAL_KINDS } from '../../infrastructure/auth/index.js';

const kinds = PRINCIPAL_KINDS.map(
  (kind) => `<option value="${kind}">${kind[0]}${kind.slice(1).toLowerCase()}</option>`,
).join('');

const signInForm = `
      <form id="sign-in" class="fields" aria-label="Sign in">
        <label>Principal <select name="principal">${kinds}</select></label>
        <label hidden data-for="PARTNER">Partner <input name="partner" placeholder="code" autocomplete="off" spellcheck="false"></label>
        <label hidden data-for="MEMBER">Member <input name="member" placeholder="id or code" autocomplete="off" spellcheck="false"></label>
        <button type="submit">Sign in</button>
      </form>`;

/** @param options.signIn whether development tokens can be had; without it only the field for a token is there */
export const renderPage = (options: { readonly signIn: boolean }): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Hansa playground</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="playground/assets/graphiql.css">
    <link rel="stylesheet" href="playground/assets/playground.css">
    <script type="module" src="playground/assets/browser.js"></script>
  </head>
  <body>
    <header>
      <h1>Hansa <small>playground</small></h1>${options.signIn ? signInForm : ''}
      <form id="paste" class="fields" aria-label="Use a token">
        <label>${options.signIn ? 'or a token' : 'Token'} <input name="token" type="password" placeholder="paste a bearer token" autocomplete="off"></label>
        <button type="submit">Use</button>
      </form>
      <p id="who" role="status">Not signed in</p>
      <button id="sign-out" type="button" hidden>Sign out</button>
    </header>
    <nav aria-label="Saved operations"><h2>Saved operations</h2><div id="operations"></div></nav>
    <main id="graphiql"><p class="waiting">Loading the editor …</p></main>
    <noscript>The playground needs JavaScript.</noscript>
  </body>
</html>
`;

export const PLAYGROUND_CSS = `
:root { color-scheme: light dark; --ink: light-dark(#2b3648, #c9d3e3); --faint: light-dark(#68748a, #8f9bb0);
  --paper: light-dark(#fff, #1d2430); --raised: light-dark(#f4f6fa, #262f3e); --line: light-dark(#dfe4ee, #38435a);
  --accent: light-dark(#0b5f8a, #5cb8e6); --on-accent: light-dark(#fff, #10202b); --bad: light-dark(#b3261e, #ff8a80);
  --text: "Roboto", system-ui, sans-serif; }
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: grid; grid-template: auto minmax(0, 1fr) / 264px minmax(0, 1fr); background: var(--paper); color: var(--ink);
  font: 14px/1.4 var(--text); }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; padding: 10px 20px;
  border-bottom: 1px solid var(--line); background: var(--raised); }
header h1 { margin: 0 12px 0 0; font-size: 20px; font-weight: 700; letter-spacing: .2px; color: var(--accent); }
header h1 small { font-size: 14px; font-weight: 400; color: var(--faint); }
.fields { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 0; }
.fields label { display: flex; align-items: center; gap: 6px; color: var(--faint); }
.fields label[hidden], #sign-out[hidden] { display: none; }
header input, header select { height: 32px; padding: 0 8px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--paper); color: var(--ink); font: inherit; }
header input { width: 170px; }
header button { height: 32px; padding: 0 14px; border: 1px solid var(--accent); border-radius: 6px; background: transparent;
  color: var(--accent); font: inherit; cursor: pointer; }
#sign-in button { background: var(--accent); color: var(--on-accent); }
header :focus-visible, nav :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#who { margin: 0 0 0 auto; color: var(--faint); max-width: 340px; }
#who[data-state="in"] { color: var(--ink); font-weight: 600; }
#who[data-state="failed"] { color: var(--bad); }
nav { overflow: auto; padding: 14px 12px 24px; border-right: 1px solid var(--line); background: var(--raised); }
nav h2 { margin: 0 8px 6px; font-size: 15px; }
nav h3 { margin: 16px 8px 4px; font-size: 12px; font-weight: 600; text-transform: uppercase; letter-spacing: .5px; color: var(--faint); }
nav button { display: block; width: 100%; padding: 7px 8px; border: 0; border-radius: 6px; background: none; color: var(--ink);
  font: inherit; text-align: left; cursor: pointer; }
nav button:hover { background: var(--line); }
nav button small { display: block; color: var(--faint); font-size: 12px; }
main { min-width: 0; min-height: 0; overflow: hidden; }
main .graphiql-container { width: 100%; height: 100%; }
.waiting { padding: 24px; color: var(--faint); }
@media (max-width: 800px) {
  body { grid-template: auto auto minmax(420px, 1fr) / minmax(0, 1fr); }
  nav { max-height: 200px; border-right: 0; border-bottom: 1px solid var(--line); }
}
`;
