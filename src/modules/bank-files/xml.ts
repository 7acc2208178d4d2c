/**
 * XML from outside -> elements. Bounded in size and depth; a document type is refused before anything is parsed, so
 * there are no entities to expand and nothing to fetch.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { BankFileFault } from './bank-file.errors.js';

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, trimmed. */
  readonly text: string;
}

/** Far above a day's statement of a programme; the gateway's own limit on requests is not far from it. */
export const LARGEST_FILE_CHARACTERS = 3_500_000;
/** The deepest message in use nests 20 elements. */
const DEEPEST = 40;

/** No element can have this name. */
const CDATA = '#cdata';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
  maxNestedTags: DEEPEST,
});

/** Reads the one root element. Throws BankFileFault. */
export function readXml(content: string): XmlElement {
  if (content.length > LARGEST_FILE_CHARACTERS) {
    throw new BankFileFault(
      'FILE_TOO_LARGE',
      `The file has ${content.length} characters; at most ${LARGEST_FILE_CHARACTERS} are read. Ask the bank for smaller files.`,
    );
  }
  const text = content.replace(/^\uFEFF/, '').trim();
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    throw new BankFileFault(
      'FILE_WITH_DTD',
      'The file declares a document type or entities; send the message as the bank made it.',
    );
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw notXml(`line ${valid.err.line}: ${valid.err.msg}`);
  const roots = parse(text).filter((node) => !('#text' in node));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw notXml('there is not exactly one root element');
  return elementOf(root);
}

type Node = Readonly<Record<string, unknown>>;

function parse(text: string): readonly Node[] {
  try {
    return parser.parse(text) as readonly Node[];
  } catch (error) {
    throw notXml((error as Error).message);
  }
}

const notXml = (why: string): BankFileFault =>
  new BankFileFault('FILE_NOT_XML', `The file is not XML that can be read (${why}); send it as the bank made it.`);

function elementOf(node: Node): XmlElement {
  const tag = Object.keys(node).find((key) => key !== ATTRIBUTES) as string;
  const content = node[tag] as readonly Node[];
  const [prefix = '', name] = tag.includes(':') ? tag.split(':') : ['', tag];
  const attributes = (node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>;
  return {
    name: name as string,
    prefix,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, unescaped(value)])),
    children: content.filter((child) => !('#text' in child) && !(CDATA in child)).map(elementOf),
    text: content.map(textOf).join('').trim(),
  };
}

/** The library's key for attributes. */
const ATTRIBUTES = ':@';

function textOf(node: Node): string {
  if ('#text' in node) return unescaped(node['#text'] as string);
  return CDATA in node ? (node[CDATA] as readonly Node[]).map((part) => part['#text'] ?? '').join('') : '';
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));|&/gi;

/** The five entities of XML and numbered characters; every other one would have to be declared, and none can be. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (reference, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? refuse(reference);
    const point = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : refuse(reference);
  });
}

function refuse(reference: string): never {
  throw notXml(`${reference} stands for nothing`);
}
