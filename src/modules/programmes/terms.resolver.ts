/** Terms in words: of a programme on a day, and of each version in the archive. */
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { fail, type Result } from '../../domain/kernel/result.js';
import { availableLanguages } from '../../domain/terms/catalogue.js';
import { markdown, plainText, type TermsDocument } from '../../domain/terms/document.js';
import type { GatewayContext } from '../../graphql/context.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import { authorize } from '../access/index.js';
import { ProgrammeEntity } from './programme.entity.js';
import type { TermsErrorCode } from './programme.errors.js';
import { ProgrammeVersion } from './programme.graphql.js';
import { VERSIONS_OF_PROGRAMME } from './programme.loaders.js';
import { ProgrammeTermsText, ProgrammeTermsUserError } from './terms.graphql.js';
import { notInForce, type TermsService } from './terms.service.js';

const LANGUAGE = 'Language of the text, such as "en", "ru" or "pt".';

@Resolver(() => ProgrammeVersion)
export class TermsResolver {
  constructor(private readonly terms: TermsService) {}

  @Query(() => ProgrammeTermsText, {
    nullable: true,
    description: 'The terms of a programme as members read them, in their language.',
  })
  async programmeTerms(
    @Arg('programmeCode', () => String, { description: 'The code of the programme.' }) programmeCode: string,
    @Arg('language', () => String, { description: LANGUAGE, defaultValue: 'en' }) language: string,
    @Ctx() context: GatewayContext,
    @Arg('on', () => BusinessDateScalar, { nullable: true, description: 'The day; today when absent.' })
    on?: BusinessDate | null,
  ): Promise<ProgrammeTermsText> {
    const { em, principal } = context;
    authorize(principal, 'programme.read');
    const programme = await em.findOne(ProgrammeEntity, { code: programmeCode });
    if (programme === null) {
      const message = `There is no programme "${programmeCode}"; read the programmes there are.`;
      return answer(undefined, fail('UNKNOWN_PROGRAMME', message, 'programmeCode'));
    }
    const day = on ?? businessDateIn(await databaseTime(em), programme.timeZone);
    const versions = await context.loader(VERSIONS_OF_PROGRAMME).load(programme.id);
    const found = versions.find(({ effectiveFrom }) => effectiveFrom <= day);
    if (found === undefined) return answer(undefined, notInForce(programmeCode, day));
    return this.written(ProgrammeVersion.of(found), language);
  }

  @FieldResolver(() => ProgrammeTermsText, { description: 'The terms of this version as members read them.' })
  termsText(
    @Root() version: ProgrammeVersion,
    @Arg('language', () => String, { description: LANGUAGE, defaultValue: 'en' }) language: string,
  ): Promise<ProgrammeTermsText> {
    return this.written(version, language);
  }

  private async written(version: ProgrammeVersion, language: string): Promise<ProgrammeTermsText> {
    const { text: source, digest, effectiveFrom } = version;
    const name = `version ${version.version} (${version.id})`;
    return answer(version, await this.terms.write({ name, source, digest, effectiveFrom }, language));
  }
}

function answer(
  version: ProgrammeVersion | undefined,
  result: Result<TermsDocument, TermsErrorCode>,
): ProgrammeTermsText {
  const languages = availableLanguages();
  if (!result.ok || version === undefined) {
    const nothing = { version: null, effectiveFrom: null, title: null, sections: [], plain: null, markdown: null };
    return { languages, ...nothing, userErrors: result.ok ? [] : ProgrammeTermsUserError.from(result.failure) };
  }
  const { title, sections } = result.value;
  return {
    languages,
    version: version.version,
    effectiveFrom: version.effectiveFrom,
    title,
    sections,
    plain: plainText(result.value),
    markdown: markdown(result.value),
    userErrors: [],
  };
}
