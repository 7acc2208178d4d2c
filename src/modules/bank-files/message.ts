/**
 * Which ISO 20022 message a file is. The namespace says it: of the standard itself, or of a national body that
 * publishes its own schema of the same message.
 */
import { ok, type Result } from '../../domain/kernel/result.js';
import { type BankFileErrorCode, BankFileFault } from './bank-file.errors.js';
import { Reading } from './reading.js';
import { readXml, type XmlElement } from './xml.js';

/** What can be read: the element below Document, the names of the message and its versions. */
export interface MessageType {
  readonly type: string;
  readonly root: string;
  readonly title: string;
  /** Each two digits. */
  readonly versions: { readonly first: number; readonly last: number };
}

export interface MessageName {
  /** Such as camt.053. */
  readonly type: string;
  /** Such as camt.053.001.08. */
  readonly version: string;
}

const ISO = /^urn:(?:iso:std:iso:20022|swift:xsd|iso:std:ma:20022):tech:xsd:([a-z]{4}\.\d{3})\.(\d{3})\.(\d{2})$/;
/** Switzerland's, such as pain.002.001.03.ch.02. */
const NATIONAL = /^https?:\/\/[\w./-]*?([a-z]{4}\.\d{3})\.(\d{3})\.(\d{2})(?:\.[a-z]{2}\.\d{2})?\.xsd$/;

/** Reads a file as one type of message, or says why it is none. */
export function readMessage<Message>(
  content: string,
  type: MessageType,
  read: (message: Reading, name: MessageName) => Message,
): Result<Message, BankFileErrorCode> {
  try {
    const document = readXml(content);
    const name = nameOf(document, type);
    const reading = new Reading(document, document.name);
    const body = reading.one(type.root);
    if (document.children.length !== 1) throw reading.fault(`it holds more than ${type.root}`);
    return ok(read(body, name));
  } catch (error) {
    if (error instanceof BankFileFault) return error.failure;
    throw error;
  }
}

function nameOf(document: XmlElement, wanted: MessageType): MessageName {
  const namespace = namespaceOf(document);
  const match = ISO.exec(namespace) ?? NATIONAL.exec(namespace);
  if (document.name !== 'Document' || match === null) {
    throw new BankFileFault(
      'MESSAGE_TYPE_UNKNOWN',
      namespace === ''
        ? `The file does not say which message it is: its root ${document.name} has no namespace, and without one a ${wanted.type} cannot be told from another.`
        : `The file's root ${document.name} is of "${namespace.slice(0, 100)}", which is no ISO 20022 message; send a ${wanted.type}.`,
    );
  }
  const [, type = '', variant = '', version = ''] = match;
  const name = { type, version: `${type}.${variant}.${version}` };
  if (type !== wanted.type) {
    throw new BankFileFault(
      'MESSAGE_TYPE_UNEXPECTED',
      `The file is a ${name.version}; send a ${wanted.title} (${wanted.type}).`,
    );
  }
  const { first, last } = wanted.versions;
  if (variant !== '001' || Number(version) < first || Number(version) > last) {
    const known = [first, last].map((no) => `${type}.001.${String(no).padStart(2, '0')}`);
    throw new BankFileFault(
      'MESSAGE_VERSION_UNKNOWN',
      `The file is a ${name.version}; versions ${known.join(' to ')} are read. Ask the bank for one of them.`,
    );
  }
  return name;
}

/** Of the root. One bank's files declare it as "Xmlns"; nothing else is written like that, so it is taken at its word. */
function namespaceOf({ prefix, attributes }: XmlElement): string {
  return (prefix === '' ? (attributes.xmlns ?? attributes.Xmlns) : attributes[`xmlns:${prefix}`]) ?? '';
}
