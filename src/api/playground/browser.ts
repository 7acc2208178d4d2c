/**
 * Runs in the browser: signs in, lists the saved operations and opens them in GraphiQL.
 *
 * GraphiQL's script leaves two names behind: `YogaGraphiQL`, which renders it, and, because MonacoEnvironment
 * asks for it, `monaco`, whose text models are the editor's panes. A saved operation is written into those.
 */
import { definitionsOf } from './definitions.js';
import type { SavedOperation } from './operation.js';

interface TextModel {
  readonly uri: { readonly path: string };
  getValue(): string;
  setValue(text: string): void;
}

declare global {
  var MonacoEnvironment: { globalAPI: boolean; getWorkerUrl(module: string, label: string): string };
  var monaco: { editor: { getModels(): TextModel[] } };
  var YogaGraphiQL: { renderYogaGraphiQL(root: Element, properties: object): void };
}

interface GraphQLParams {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

const TOKEN = 'hansa:token';
const WHO = 'hansa:who';
const ASSETS = 'playground/assets/';
const WELCOME =
  '# Sign in above, then choose a saved operation on the left or write your own.\n# Ctrl-Enter runs it.\n\n';
const WORKERS: Readonly<Record<string, string>> = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

const element = <Type extends Element>(selector: string): Type | null => document.querySelector<Type>(selector);

function show(text: string, state: 'in' | 'out' | 'failed'): void {
  const who = element<HTMLElement>('#who');
  if (!who) return;
  who.textContent = text;
  who.dataset.state = state;
  const signOut = element<HTMLElement>('#sign-out');
  if (signOut) signOut.hidden = sessionStorage.getItem(TOKEN) === null;
}

function keep(token: string, who: string): void {
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.setItem(WHO, who);
  show(who, 'in');
}

interface Observer {
  next(answer: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

function fetchGraphQL({ operationName, ...params }: GraphQLParams): unknown {
  const definitions = definitionsOf(params.query);
  const meant = definitions.find(({ name }) => name !== undefined && name === operationName);
  const asked = meant ? { ...params, operationName: meant.name } : params;
  const operation = meant ?? definitions.find(({ keyword }) => keyword !== 'fragment');
  return operation?.keyword === 'subscription' ? followed(asked) : fetchAnswer(asked);
}

const send = (params: GraphQLParams, more: { accept?: string; signal?: AbortSignal } = {}): Promise<Response> => {
  const { accept = 'application/json', signal = null } = more;
  const token = sessionStorage.getItem(TOKEN);
  return fetch('graphql', {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(params),
    signal,
  });
};

/** Server-sent events as GraphiQL follows them, until it is told to stop. */
const followed = (params: GraphQLParams): object => ({
  subscribe(observer: Observer) {
    const stop = new AbortController();
    const { signal } = stop;
    follow(params, observer, signal).catch((error) => signal.aborted || observer.error(error));
    return { unsubscribe: () => stop.abort() };
  },
});

async function follow(params: GraphQLParams, observer: Observer, signal: AbortSignal): Promise<void> {
  const response = await send(params, { accept: 'text/event-stream', signal });
  if (!response.ok || response.body === null) {
    observer.next(await answerOf(response));
    return observer.complete();
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const messages = `${text}${part.value}`.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^event: next\ndata: (.*)$/.exec(message)?.[1];
      if (data !== undefined) observer.next(JSON.parse(data));
    }
  }
  observer.complete();
}

const fetchAnswer = async (params: GraphQLParams): Promise<unknown> => answerOf(await send(params));

async function answerOf(response: Response): Promise<unknown> {
  const answer = (await response.json()) as { errors?: readonly { readonly message: string }[] };
  if (response.status === 401) show(answer.errors?.[0]?.message ?? 'Sign in first', 'failed');
  return answer;
}

function prepareSignIn(): void {
  const form = element<HTMLFormElement>('#sign-in');
  if (!form) return;
  const principal = form.elements.namedItem('principal') as HTMLSelectElement;
  const showFields = (): void => {
    for (const label of form.querySelectorAll<HTMLElement>('[data-for]'))
      label.hidden = label.dataset.for !== principal.value;
  };
  principal.addEventListener('change', showFields);
  showFields();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void signIn(form, principal.value);
  });
}

async function signIn(form: HTMLFormElement, principal: string): Promise<void> {
  const field = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value.trim();
  const own = { PARTNER: { partner: field('partner') }, MEMBER: { member: field('member') } }[principal] ?? {};
  const filled = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  const response = await fetch('dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ principal, ...filled }),
  });
  const answer = (await response.json()) as { token?: string; errors?: readonly { readonly message: string }[] };
  if (answer.token === undefined) return show(answer.errors?.[0]?.message ?? 'Sign-in failed', 'failed');
  keep(answer.token, `Signed in as ${[principal, ...Object.values(filled)].join(' ')}`);
}

/** Reloads, because the schema may have been out of reach until now. */
function preparePaste(): void {
  const form = element<HTMLFormElement>('#paste');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = (form.elements.namedItem('token') as HTMLInputElement).value.trim();
    if (token === '') return;
    keep(token, 'Using a pasted token');
    location.reload();
  });
  element('#sign-out')?.addEventListener('click', () => {
    sessionStorage.removeItem(TOKEN);
    show('Not signed in', 'out');
  });
}

async function listOperations(): Promise<void> {
  const operations = (await (await fetch('playground/operations')).json()) as SavedOperation[];
  const list = element('#operations');
  for (const [group, members] of Map.groupBy(operations, (operation) => operation.group)) {
    const heading = document.createElement('h3');
    heading.textContent = group;
    list?.append(heading, ...members.map(buttonOf));
  }
}

function buttonOf(operation: SavedOperation): HTMLButtonElement {
  const button = document.createElement('button');
  const about = document.createElement('small');
  about.textContent = operation.about;
  button.type = 'button';
  button.dataset.operation = operation.name;
  button.append(operation.title, about);
  button.addEventListener('click', () => void open(operation));
  return button;
}

const pane = (name: string): TextModel | undefined =>
  monaco.editor.getModels().find(({ uri }) => uri.path.endsWith(name));

/** Opens in a tab of its own, unless the present one holds nothing worth keeping. */
async function open(operation: SavedOperation): Promise<void> {
  const present = pane('operation.graphql')?.getValue() ?? '';
  if (present.replace(WELCOME, '').trim() !== '') {
    element<HTMLButtonElement>('.graphiql-tab-add')?.click();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }
  pane('operation.graphql')?.setValue(operation.query);
  pane('variables.json')?.setValue(operation.variables);
}

function loadGraphiQL(): Promise<void> {
  globalThis.MonacoEnvironment = {
    globalAPI: true,
    getWorkerUrl: (_module, label) => `${ASSETS}${WORKERS[label] ?? 'editor.worker.js'}`,
  };
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${ASSETS}graphiql.js`;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('The editor could not be loaded.')));
    document.head.append(script);
  });
}

prepareSignIn();
preparePaste();
show(sessionStorage.getItem(WHO) ?? 'Not signed in', sessionStorage.getItem(TOKEN) === null ? 'out' : 'in');
await Promise.all([loadGraphiQL(), listOperations()]);
const root = element('#graphiql');
root?.replaceChildren();
if (root) {
  YogaGraphiQL.renderYogaGraphiQL(root, {
    fetcher: fetchGraphQL,
    defaultQuery: WELCOME,
    title: 'Hansa',
    logo: '<span></span>',
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
  });
}
