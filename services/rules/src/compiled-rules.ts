import { compileRule, type CompiledRule, type Rule } from '#domain';

const compiled = new WeakMap<Rule, CompiledRule>();

/** The rule with its expressions ready. Rules change seldom, and checking their expressions takes longer than evaluating them. */
export function compiledRule(rule: Rule): CompiledRule {
  const known = compiled.get(rule);
  if (known) return known;
  const fresh = compileRule(rule);
  compiled.set(rule, fresh);
  return fresh;
}
