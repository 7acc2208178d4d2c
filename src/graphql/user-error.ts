/**
 * Expected failures, as payloads carry them: `userErrors: [<Noun>UserError!]!`.
 *
 * The interface holds what all of them share. `code` is not in it because GraphQL lets no enum stand in for
 * another type, and each capability's codes are a closed enum of its own.
 */
import { Field, InterfaceType, ObjectType } from 'type-graphql';
import type { Failure } from '../domain/kernel/result.js';
import { enumType } from './enums.js';

@InterfaceType({ description: 'Why a command was refused. Nothing has been stored when there is one.' })
export abstract class UserError {
  @Field(() => String, { description: 'A full sentence that says what is wrong and what to do.' })
  readonly message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The input field at fault, as a path from `input`; null when no single field is.',
  })
  readonly field?: string | undefined;
}

/** A capability's concrete error type. */
export interface UserErrorType<Code extends string> {
  new (): UserError & { readonly code: Code };
  /** Failures as payload errors, in order. */
  from(...failures: readonly Failure<Code>[]): (UserError & { readonly code: Code })[];
}

/**
 * Makes `<Noun>UserError` and `<Noun>ErrorCode` from a table code -> description. The table is typed by the
 * capability's code union, so a forgotten code does not compile.
 */
export function userErrorType<Code extends string>(
  noun: string,
  codes: Readonly<Record<Code, string>>,
): UserErrorType<Code> {
  const ErrorCode = enumType(
    `${noun}ErrorCode`,
    `What can be wrong with a command on: ${noun}. Programs decide by this.`,
    codes,
  );

  @ObjectType(`${noun}UserError`, {
    implements: UserError,
    description: `Why a command on ${noun} was refused.`,
    simpleResolvers: true,
  })
  class ConcreteUserError extends UserError {
    @Field(() => ErrorCode, { description: 'The stable code of this error.' })
    readonly code!: Code;

    static from(...failures: readonly Failure<Code>[]): ConcreteUserError[] {
      return failures.map(({ code, message, field }) =>
        Object.assign(new ConcreteUserError(), { code, message, field }),
      );
    }
  }
  return ConcreteUserError;
}
