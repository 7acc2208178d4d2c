/** What shows why: disputes and adjustments name the same pieces of evidence. */
import { Field, InputType, ObjectType } from 'type-graphql';
import type { Evidence } from '../domain/adjustments/adjustment.js';

/** Each capability shows it under a name of its own: `class DisputeEvidence extends EvidenceShown`. */
@ObjectType({ simpleResolvers: true })
export abstract class EvidenceShown {
  @Field(() => String, { description: 'What it is.' })
  readonly description!: string;

  @Field(() => String, { nullable: true, description: 'Where it can be found; null when nowhere online.' })
  readonly url!: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the document, in hexadecimal.' })
  readonly sha256!: string | null;
}

/** Each capability takes it under a name of its own: `class DisputeEvidenceInput extends EvidenceGiven`. */
@InputType()
export abstract class EvidenceGiven {
  @Field(() => String, { description: 'What it is, in 1 to 500 characters.' })
  description!: string;

  @Field(() => String, { nullable: true, description: 'Where it can be found, http:// or https://.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the document, 64 hexadecimal digits in lower case.' })
  sha256?: string | null;
}

export const toEvidence = (evidence: readonly Evidence[]): EvidenceShown[] =>
  evidence.map(({ description, url = null, sha256 = null }) => ({ description, url, sha256 }));

export const fromEvidence = (given: readonly EvidenceGiven[] | null | undefined): Evidence[] =>
  (given ?? []).map(({ description, url, sha256 }) => ({
    description,
    ...(url && { url }),
    ...(sha256 && { sha256 }),
  }));
