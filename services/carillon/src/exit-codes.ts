/** What a command ends with; schedulers such as Jenkins and GitHub Actions read it. */
export const exitCodes = {
  /** All went well. What was held, rejected or unmatched is listed, and no failure. */
  ok: 0,
  /** A pull failed, a delivery failed or is unknown, or time ran out. */
  failed: 1,
  /** Documents, settings or arguments are wrong, or the database or queue that they name cannot be worked with: somebody has to do something first. */
  badConfiguration: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
