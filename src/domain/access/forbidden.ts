/** The caller may not do this. Thrown by `authorize`; the edge answers FORBIDDEN with this message. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}
