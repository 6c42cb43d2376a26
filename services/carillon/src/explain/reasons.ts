/** Why a decision is `suppressed` or `held`, in words. */
export function decisionReasonText(reason: string, detail: string | null): string {
  switch (reason) {
    case 'exempt':
      return `exempt by the document Exception ${detail ?? ''}`;
    case 'nothing-expected':
      return 'nothing was expected in the whole period';
    case 'no-identity':
      return `not known in ${detail ?? 'a source'}, which the rule needs`;
    case 'no-record':
      return `there is no record of ${detail ?? 'anything'} in the period, which is not zero`;
    case 'incomplete':
      return `not all facts are there: ${detail ?? ''} was not read completely since the period ended, or not lately enough`;
    case 'expression-error':
      return `the expression failed: ${detail ?? ''}`;
    default:
      return reason;
  }
}
