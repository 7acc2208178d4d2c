import { GraphQLError } from 'graphql';

/** A client's mistake at the protocol level (a bad cursor, `first` out of range): a top-level error, not a userError. */
export const badUserInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
