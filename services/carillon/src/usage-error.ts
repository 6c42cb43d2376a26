/** An argument or a circumstance that cannot be right, found only once more is known than the arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
